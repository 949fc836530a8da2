import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { describePicture, readPicture } from '#src/images/index.js';
import { saveUpscalerWeights, upscale } from '#src/api/index.js';
import { sharedFolder } from '../shared.js';
import { largestDifference } from '../models/denoisers.js';
import { withOpenedFiles } from '../api/opened-files.js';
import { randomUpscaler, smallUpscalers } from '../models/upscalers.js';
import {
  drawWeights,
  expectRefusal,
  expectSuccess,
  jsonLines,
  namesIn,
  photograph,
  revela,
  temporaryFolder,
} from './command.js';

const path = temporaryFolder();

/** Enlarges in the folder of the tests, on one thread. */
const enlarge = (...args: readonly (string | number)[]): ReturnType<typeof revela> =>
  revela(
    [
      'upscale',
      ...args,
      ...(args.includes('--weights') ? [] : ['--weights', 'small.safetensors']),
      ...['--device', 'cpu', '--threads', 1],
    ],
    { cwd: path() },
  );

beforeAll(async () => {
  await saveUpscalerWeights(path('small.safetensors'), smallUpscalers['SRVGGNet ×4']);
  await saveUpscalerWeights(path('twice.safetensors'), smallUpscalers['RRDBNet ×2, un-shuffling']);
  await photograph(40, 28).png().toFile(path('photo.png'));
});

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

describe('a folder with unusable pictures', () => {
  it('is enlarged but for these, which are reported', async () => {
    await mkdir(path('mixed'));
    const whole = await photograph(30, 30).png().toBuffer();
    await writeFile(path('mixed', 'a.png'), whole);
    await writeFile(path('mixed', 'broken.png'), whole.subarray(0, whole.length - 200));
    await photograph(90, 80).png().toFile(path('mixed', 'large.png'));
    const ending = await enlarge('mixed', '-o', 'rest', '--max-megapixels', 0.1);
    expect(ending.code).toBe(1);
    expect(namesIn(path('rest'))).toEqual(['a.png']);
    expect(ending.stderr).toMatch(/^revela: \S+broken\.png is damaged or cut short/m);
    expect(ending.stderr).toMatch(
      /^revela: \S+large\.png would become 360×320 = 0\.12 megapixels, more than the limit of 0\.1;/m,
    );
    expect(ending.stderr).toMatch(/^Enlarged 1 of 3 pictures/m);
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

describe('refused before anything is computed', () => {
  it('weights for another task, in both directions, with the command for them', async () => {
    await drawWeights(path('denoiser.safetensors'));
    await expectRefusal(
      enlarge('photo.png', '--weights', 'denoiser.safetensors'),
      1,
      'denoiser.safetensors: this is a network that denoises pictures (dbsnl)',
      'revela denoise',
    );
    await expectRefusal(
      revela(['denoise', 'photo.png', '--weights', 'small.safetensors', '--device', 'cpu'], { cwd: path() }),
      1,
      'small.safetensors: this is a network that enlarges pictures (srvggnet)',
      'revela upscale',
    );
  });

  it('weights that are none, or not a number', async () => {
    await expectRefusal(enlarge('photo.png', '--weights', 'photo.png'), 1, 'photo.png holds no weights');
    await expectRefusal(enlarge('photo.png', '--weights', 'gone.pth'), 1, 'gone.pth');
    const broken = randomUpscaler('srvggnet', { num_feat: 4, num_conv: 1, upscale: 2 });
    const bias = { data: new Float32Array(4).fill(Number.NaN), shape: [4], dtype: 'float32' as const };
    await saveUpscalerWeights(path('nan.safetensors'), {
      ...broken,
      parameters: { ...broken.parameters, 'body.0.bias': bias },
    });
    await expectRefusal(
      enlarge('photo.png', '--weights', 'nan.safetensors'),
      1,
      'nan.safetensors',
      'body.0.bias',
    );
  });

  it('a scale that the network does not reach', () =>
    expectRefusal(
      enlarge('photo.png', '--weights', 'twice.safetensors', '--scale', 4),
      2,
      '--scale 4 is more than these weights can do, which enlarge by 2',
    ));

  it('results that are too large, for the limit or for their kind of file', async () => {
    await expectRefusal(
      enlarge('photo.png', '-o', 'large.png', '--max-megapixels', 0.01),
      1,
      'photo.png would become 160×112 = 0.02 megapixels, more than the limit of 0.01',
      '--max-megapixels',
    );
    await photograph(4200, 1).webp().toFile(path('long.webp'));
    await expectRefusal(enlarge('long.webp'), 1, '16800×4 is larger than WebP can hold', '.png');
  });

  it('a result that would replace its picture, and pictures that are none', async () => {
    await expectRefusal(enlarge('photo.png', '-o', 'photo.png', '--overwrite'), 1, 'would replace the input');
    await expectRefusal(enlarge('nothing.png'), 1, 'nothing.png does not exist');
    await writeFile(path('empty.png'), '');
    await expectRefusal(enlarge('empty.png'), 1, 'empty.png is empty');
  });

  it('a folder that cannot be written', async () => {
    await mkdir(path('locked'));
    await chmod(path('locked'), 0o555);
    // To root every folder is open, unless that privilege is taken away.
    const wrapper =
      process.geteuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search'] : [];
    await expectRefusal(
      revela(['upscale', 'photo.png', '--weights', 'small.safetensors', '-o', 'locked/new/'], {
        cwd: path(),
        wrapper,
      }),
      1,
      'cannot write locked/new/photo.png: access is not allowed',
    );
    expect(namesIn(path('locked'))).toEqual([]);
    await chmod(path('locked'), 0o755);
  });
});

describe('when asked to stop', () => {
  it('it keeps what is written and leaves nothing half-done', async () => {
    await mkdir(path('many'));
    for (let i = 1; i <= 6; i++)
      await photograph(150, 120)
        .png()
        .toFile(path('many', `p${i}.png`));
    const ending = await revela(
      [
        ...['upscale', 'many', '--weights', 'small.safetensors', '-o', 'stopped', '--tile', 32],
        ...['--device', 'cpu', '--threads', 1, '--json'],
      ],
      { cwd: path(), interrupt: { at: '"index":2,', signal: 'SIGINT' } },
    );
    expect(ending.code).toBe(130);
    expect(ending.stderr).toMatch(/^revela: stopped; \d of 6 pictures were written\n$/);
    const written = namesIn(path('stopped'));
    expect(written).toEqual(written.filter((name) => /^p\d\.png$/.test(name)));
    expect(written.length).toBeLessThan(6);
    for (const name of written)
      expect(await describePicture(path('stopped', name))).toMatchObject({ width: 600, height: 480 });
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
