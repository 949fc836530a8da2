import { mkdir, readFile, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { describePicture, readPicture } from '#src/images/index.js';
import { upscale } from '#src/api/index.js';
import { sharedFolder } from '../shared.js';
import { largestDifference } from '../models/denoisers.js';
import { withOpenedFiles } from '../api/opened-files.js';
import { expectRefusal, expectSuccess, jsonLines, namesIn, photograph, revela } from './command.js';
import { enlarge, path } from './enlarged.js';

describe('results', () => {
  it('lie beside the pictures under the name of the scale, and are what the library makes', async () => {
    const { stdout, stderr } = await expectSuccess(enlarge('photo.png'));
    expect(stdout).toBe('photo.x4.png\n');
    expect(stderr.split('\n').slice(0, 2)).toEqual(['Enlarging 1 picture by 4', 'Device: CPU, 1 thread']);
    expect(stderr).toMatch(/^upscaling photo\.png: tile 1\/1$/m);
    expect(stderr).toMatch(/^Enlarged 1 picture in \d:\d\d\n$/m);
    const result = await readPicture(path('photo.x4.png'));
    const expected = await upscale(path('photo.png'), {
      weights: path('small.safetensors'),
      device: 'cpu',
      threads: 1,
    });
    expect([result.width, result.height]).toEqual([160, 112]);
    // Half a step of 8 bits.
    expect(largestDifference(result.data, expected.data)).toBeLessThan(0.51 / 255);
  });

  it('read each file of the package’s weights once', async () => {
    const words = ['upscale', path('photo.png'), '-o', path('both.png'), '--device', 'cpu', '--threads', '1'];
    const main = new URL('../../dist/cli/main.js', import.meta.url).href;
    const program = `process.argv.push('revela', ...${JSON.stringify(words)}); await import('${main}');`;
    const opened = await withOpenedFiles(program, path('opened.txt'));
    const weights = opened.filter((file) => file.endsWith('.safetensors'));
    // Both upscalers, and the denoiser, as the picture has noise.
    expect(weights).toHaveLength(3);
    expect(new Set(weights).size).toBe(3);
    expect(namesIn(path())).toContain('both.png');
  });

  it.each([2, 3])('of scale %i', async (scale) => {
    await expectSuccess(enlarge('photo.png', '--scale', scale));
    expect(await describePicture(path(`photo.x${scale}.png`))).toMatchObject({
      width: 40 * scale,
      height: 28 * scale,
    });
  });

  it('of a network that doubles', async () => {
    await expectSuccess(enlarge('photo.png', '--weights', 'twice.safetensors', '--output', 'twice.png'));
    expect(await describePicture(path('twice.png'))).toMatchObject({ width: 80, height: 56 });
  });

  it('of a folder are no pictures of it the next time, whatever their scale', async () => {
    await mkdir(path('shots', 'more'), { recursive: true });
    for (const name of ['a.png', 'b.tif', 'more/c.webp'])
      await photograph(20, 20).toFile(path('shots', name));
    await writeFile(path('shots', 'notes.txt'), 'No picture.');
    await expectSuccess(enlarge('shots', '--format', 'png'));
    expect(namesIn(path('shots'))).toEqual(['a.png', 'a.x4.png', 'b.tif', 'b.x4.png', 'more', 'notes.txt']);
    await expectSuccess(enlarge('shots', '-r', '--scale', 2, '--output', 'large'));
    expect(namesIn(path('large'))).toEqual(['a.png', 'b.tif', 'more']);
    expect(namesIn(path('large/more'))).toEqual(['c.webp']);
    expect(await describePicture(path('large/b.tif'))).toMatchObject({ width: 40, format: 'tiff' });
  });

  it('do not depend on --tile', async () => {
    await photograph(90, 70).png().toFile(path('larger.png'));
    await expectSuccess(enlarge('larger.png', '-o', 'whole.png'));
    const { stderr } = await expectSuccess(enlarge('larger.png', '-o', 'tiled.png', '--tile', 32));
    expect(stderr).toMatch(/tile 1\/(?!1\b)\d+/);
    const [whole, tiled] = [await readPicture(path('whole.png')), await readPicture(path('tiled.png'))];
    expect(largestDifference(whole.data, tiled.data)).toBeLessThan(1.01 / 255);
  });

  it('keep 16 bits, grey and transparency', async () => {
    await photograph(40, 30, 2, 16).png().toFile(path('deep.png'));
    await expectSuccess(enlarge('deep.png'));
    const after = await readPicture(path('deep.x4.png'));
    expect(after).toMatchObject({ width: 160, height: 120, channels: 1, bitDepth: 16 });
    expect(after.alpha).toBeInstanceOf(Uint16Array);
    expect(new Set(after.alpha).size).toBeGreaterThan(100);
    // Values between two steps of 8 bits show that it was not written by way of 8 bits.
    expect(after.data.some((value) => Math.abs(value * 255 - Math.round(value * 255)) > 0.1)).toBe(true);
  });

  it('keep EXIF, ICC profile and the upright position, and know their own size', async () => {
    await photograph(48, 32)
      .withMetadata({ orientation: 6, icc: 'p3', density: 240 })
      .withExifMerge({ IFD0: { Make: 'Testwerke', Model: 'T 1' }, IFD2: { ISOSpeedRatings: '800' } })
      .jpeg()
      .toFile(path('camera.jpg'));
    await expectSuccess(enlarge('camera.jpg'));
    const [before, after] = [await readPicture(path('camera.jpg')), await readPicture(path('camera.x4.jpg'))];
    expect([after.width, after.height]).toEqual([128, 192]);
    expect(after.metadata.icc).toEqual(before.metadata.icc);
    expect(await describePicture(path('camera.x4.jpg'))).toMatchObject({
      profile: 'sP3C',
      camera: { make: 'Testwerke', model: 'T 1', iso: 800 },
    });
    const raw = await sharp(path('camera.x4.jpg')).metadata();
    expect([undefined, 1]).toContain(raw.orientation);
    // PixelXDimension and PixelYDimension, where they are there, are those of the result.
    const exif = raw.exif ?? Buffer.alloc(0);
    const little = exif.includes('II*\0');
    for (const [tag, side] of [
      [0xa002, 128],
      [0xa003, 192],
    ] as const) {
      const name = Buffer.from(little ? [tag & 255, tag >> 8] : [tag >> 8, tag & 255]);
      const at = exif.indexOf(name);
      if (at < 0) continue;
      const isShort = (little ? exif.readUInt16LE(at + 2) : exif.readUInt16BE(at + 2)) === 3;
      const value = little
        ? isShort
          ? exif.readUInt16LE(at + 8)
          : exif.readUInt32LE(at + 8)
        : isShort
          ? exif.readUInt16BE(at + 8)
          : exif.readUInt32BE(at + 8);
      expect(value).toBe(side);
    }
  });

  it('of 1 × 1 pixels are 4 × 4', async () => {
    await photograph(1, 1).png().toFile(path('dot.png'));
    await expectSuccess(enlarge('dot.png'));
    expect(await describePicture(path('dot.x4.png'))).toMatchObject({ width: 4, height: 4 });
  });

  it('replace a file only when told to', async () => {
    await writeFile(path('old.png'), 'old');
    await expectRefusal(enlarge('photo.png', '-o', 'old.png'), 1, 'old.png exists already', '--overwrite');
    expect(await readFile(path('old.png'), 'utf8')).toBe('old');
    await expectSuccess(enlarge('photo.png', '-o', 'old.png', '--overwrite'));
    expect(await describePicture(path('old.png'))).toMatchObject({ width: 160 });
  });

  it('are told to other programs as JSON', async () => {
    const { stdout, stderr } = await expectSuccess(enlarge('photo.png', '-o', 'told.png', '--json'));
    expect(stderr).toBe('');
    const lines = jsonLines(stdout);
    expect(lines.map(({ kind }) => kind)).toEqual(['note', 'note', 'upscaling', 'written', 'done']);
    expect(lines[2]).toMatchObject({ picture: 'photo.png', index: 1, count: 1, tile: 1, tiles: 1 });
    expect(lines[4]).toEqual({
      kind: 'done',
      scale: 4,
      written: ['told.png'],
      failures: [],
      seconds: expect.any(Number),
    });
  });
});

describe('weights of the store', () => {
  it('are found by their name', async () => {
    const circumstances = { cwd: path(), environment: { REVELA_MODELS: path('store') } };
    await expectSuccess(revela(['models', 'add', 'small.safetensors', '--name', 'mine'], circumstances));
    const command = ['upscale', 'photo.png', '--weights', 'mine', '-o', 'by-name.png', '--device', 'cpu'];
    await expectSuccess(revela(command, circumstances));
    expect(await describePicture(path('by-name.png'))).toMatchObject({ width: 160, height: 112 });
    const known = ['upscale', 'photo.png', '--weights', 'realesr-animevideov3', '--device', 'cpu'];
    await expectRefusal(revela(known, circumstances), 1, 'revela models pull realesr-animevideov3');
  });
});

describe('published weights', () => {
  it('are run, described and converted as they are', async (context) => {
    const published = sharedFolder(context, 'weights', 'realesr-animevideov3.pth');
    await expectSuccess(enlarge('photo.png', '--weights', published, '-o', 'published.png'));
    const [small, large] = [await readPicture(path('photo.png')), await readPicture(path('published.png'))];
    expect([large.width, large.height]).toEqual([160, 112]);
    // On average every pixel keeps its colour: the mean of its 4 × 4 is near it.
    let difference = 0;
    for (let i = 0; i < small.data.length; i++) {
      const [x, y, c] = [i % 40, Math.floor(i / 40) % 28, Math.floor(i / 1120)];
      let sum = 0;
      for (let part = 0; part < 16; part++)
        sum += large.data[(c * 112 + 4 * y + (part >> 2)) * 160 + 4 * x + (part & 3)] ?? Number.NaN;
      difference += Math.abs(sum / 16 - (small.data[i] ?? 0)) / small.data.length;
    }
    expect(difference).toBeLessThan(0.06);
    const info = await expectSuccess(revela(['info', published]));
    expect(info.stdout).toMatch(/network +SRVGGNet-compact/);
    expect(info.stdout).toMatch(/enlarges +by 4\n/);
    expect(info.stdout).toMatch(/parameters +621,424\n/);
    await expectSuccess(revela(['weights', 'convert', published, path('converted.safetensors')]));
    await expectSuccess(enlarge('photo.png', '--weights', 'converted.safetensors', '-o', 'again.png'));
    expect(await readFile(path('again.png'))).toEqual(await readFile(path('published.png')));
  });
});

describe('export', () => {
  it('writes a model that enlarges, and refuses what is for denoising', async () => {
    const exported = revela(['export', 'small.safetensors', 'small.onnx'], { cwd: path() });
    expect((await expectSuccess(exported)).stdout).toBe('small.onnx\n');
    const { stdout } = await expectSuccess(revela(['info', 'small.onnx'], { cwd: path() }));
    expect(stdout).toMatch(/gives +upscaled \[1, 3, 4\*height, 4\*width\]\n/);
    await expectRefusal(
      revela(['export', 'small.safetensors', 'b.onnx', '--method', 'sdap'], { cwd: path() }),
      2,
      '--method is for weights that denoise',
    );
    await expectRefusal(
      revela(['export', 'small.safetensors', 'b.onnx', '--no-enhance'], { cwd: path() }),
      2,
      '--no-enhance is for weights that denoise',
    );
  });
});
