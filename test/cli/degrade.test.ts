import { mkdir, readFile, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { describePicture, readPicture } from '#src/images/index.js';
import { degradeBicubic } from '#src/upscale/index.js';
import {
  expectRefusal,
  expectSuccess,
  jsonLines,
  namesIn,
  photograph,
  revela,
  temporaryFolder,
} from './command.js';

const path = temporaryFolder();
const degrade = (...args: readonly (string | number)[]) => revela(['degrade', ...args], { cwd: path() });

beforeAll(async () => {
  await photograph(66, 49).png().toFile(path('photo.png'));
});

describe('revela degrade', () => {
  it('writes a quarter beside the picture, by bicubic, without further loss', async () => {
    await photograph(64, 48).jpeg({ quality: 100 }).toFile(path('shot.jpg'));
    const { stdout, stderr } = await expectSuccess(degrade('shot.jpg'));
    expect(stdout).toBe('shot.degraded.png\n');
    expect(stderr.split('\n')).toEqual([
      'Making 1 picture 4 times smaller by bicubic',
      'shot.jpg → shot.degraded.png',
      expect.stringMatching(/^Degraded 1 picture in \d:\d\d$/),
      '',
    ]);
    const small = await readPicture(path('shot.degraded.png'));
    expect(small.data).toEqual(degradeBicubic(await readPicture(path('shot.jpg')), 4).data);
  });

  it('gives the same real-world picture for the same seed, and others for another', async () => {
    const run = (name: string, ...options: readonly (string | number)[]) =>
      expectSuccess(degrade('photo.png', '--kind', 'real-world', '-o', name, ...options));
    const { stderr } = await run('first.png', '--seed', 5);
    expect(stderr).toContain('4 times smaller as the real world does it, with the seed 5');
    await run('again.png', '--seed', 5);
    await run('other.png', '--seed', 6);
    await run('sharp.png', '--seed', 5, '--sharpen');
    const first = await readFile(path('first.png'));
    expect((await readFile(path('again.png'))).equals(first)).toBe(true);
    for (const name of ['other.png', 'sharp.png'])
      expect((await readFile(path(name))).equals(first)).toBe(false);
    expect(await describePicture(path('first.png'))).toMatchObject({ width: 16, height: 12 });
  });

  it('takes a second name that is nobody’s yet for the result', async () => {
    const { stdout } = await expectSuccess(degrade('photo.png', 'smaller.png', '--scale', 2));
    expect(stdout).toBe('smaller.png\n');
    expect(await describePicture(path('smaller.png'))).toMatchObject({ width: 33, height: 24 });
    await expectRefusal(degrade('photo.png', 'nobody'), 1, 'nobody');
  });

  it('degrades a folder, each picture in its own way, and takes no result for a picture', async () => {
    await mkdir(path('shots', 'more'), { recursive: true });
    for (const name of ['a.png', 'b.png', 'more/c.webp'])
      await photograph(32, 32).toFile(path('shots', name));
    await expectSuccess(degrade('shots', '--kind', 'real-world'));
    expect(namesIn(path('shots'))).toEqual(['a.degraded.png', 'a.png', 'b.degraded.png', 'b.png', 'more']);
    const [a, b] = [
      await readPicture(path('shots/a.degraded.png')),
      await readPicture(path('shots/b.degraded.png')),
    ];
    expect(a.data).not.toEqual(b.data);
    await expectSuccess(
      degrade('shots', '-r', '--overwrite', '--scale', 2, '--output', 'small', '--format', 'tiff'),
    );
    expect(namesIn(path('small'))).toEqual(['a.tif', 'b.tif', 'more']);
    expect(await describePicture(path('small/more/c.tif'))).toMatchObject({
      width: 16,
      height: 16,
      format: 'tiff',
    });
  });

  it('keeps 16 bits, grey, transparency, colours, EXIF and the upright position', async () => {
    await photograph(40, 30, 2, 16).png().toFile(path('deep.png'));
    await expectSuccess(degrade('deep.png'));
    const deep = await readPicture(path('deep.degraded.png'));
    expect(deep).toMatchObject({ width: 10, height: 7, channels: 1, bitDepth: 16 });
    expect(deep.alpha).toHaveLength(70);
    await photograph(48, 32)
      .withMetadata({ orientation: 6, icc: 'p3', density: 240 })
      .withExifMerge({ IFD0: { Make: 'Testwerke', Model: 'T 1' } })
      .jpeg()
      .toFile(path('camera.jpg'));
    await expectSuccess(degrade('camera.jpg', '--kind', 'real-world'));
    expect(await describePicture(path('camera.degraded.png'))).toMatchObject({
      ...{ width: 8, height: 12, profile: 'sP3C' },
      camera: { make: 'Testwerke', model: 'T 1' },
    });
  });

  it('tells other programs as JSON', async () => {
    const { stdout, stderr } = await expectSuccess(degrade('photo.png', '-o', 'told.png', '--json'));
    expect(stderr).toBe('');
    expect(jsonLines(stdout)).toEqual([
      { kind: 'note', message: 'Making 1 picture 4 times smaller by bicubic' },
      { kind: 'written', input: 'photo.png', output: 'told.png' },
      { kind: 'done', written: ['told.png'], failures: [], seconds: expect.any(Number) },
    ]);
  });

  it('degrades the rest of a folder with a broken picture, and says so', async () => {
    await mkdir(path('mixed'));
    const whole = await photograph(64, 64).png().toBuffer();
    await writeFile(path('mixed', 'a.png'), whole);
    await writeFile(path('mixed', 'broken.png'), whole.subarray(0, whole.length - 200));
    await sharp({ create: { width: 3, height: 9, channels: 3, background: 'red' } }).toFile(
      path('mixed', 'tiny.png'),
    );
    const { code, stderr } = await degrade('mixed', '-o', 'rest');
    expect(code).toBe(1);
    expect(namesIn(path('rest'))).toEqual(['a.png']);
    expect(stderr).toContain('Left out: mixed/tiny.png has 3×9 pixels, too few to be made 4 times smaller');
    expect(stderr).toMatch(/^revela: mixed\/broken\.png is damaged or cut short/m);
    expect(stderr).toMatch(/^Degraded 1 of 3 pictures/m);
  });

  it('stops when asked to, and says what was written', async () => {
    await mkdir(path('many'));
    const large = await photograph(1200, 900).png().toBuffer();
    for (const name of ['a.png', 'b.png', 'c.png']) await writeFile(path('many', name), large);
    const ending = await revela(['degrade', 'many', '-o', 'stopped', '--kind', 'real-world', '--json'], {
      cwd: path(),
      interrupt: { at: '"written"', signal: 'SIGINT' },
    });
    expect(ending.code).toBe(130);
    expect(ending.stderr).toBe('revela: stopped; 1 of 3 pictures were written\n');
    expect(namesIn(path('stopped'))).toEqual(['a.png']);
  });
});

describe('revela degrade refuses', () => {
  it.each<[args: readonly string[], code: 1 | 2, ...words: readonly string[]]>([
    [['gone.png'], 1, 'gone.png does not exist'],
    [['photo.png', '-o', 'photo.png', '--overwrite'], 1, 'would replace the input photo.png'],
    [['photo.png', '-o', 'first.png'], 1, 'first.png exists already', '--overwrite'],
    [['photo.png', '-o', 'x.xyz'], 1, 'the extension .xyz is unknown'],
    [['photo.png', '-o', 'x.png', '--format', 'jpeg'], 2, 'disagree'],
    [['deep.png', '-o', 'x.jpg'], 1, "cannot hold the picture's transparency"],
    [['photo.png', '--kind', 'camera-noise', '--amount', '101'], 2, '--amount', '100'],
    [['photo.png', '--amount', '10'], 2, '--amount is how much noise there is', 'bicubic'],
    [['photo.png', '--kind', 'film-grain', '--scale', '9'], 2, '--scale', '8'],
    [['mixed/tiny.png'], 1, 'mixed/tiny.png has 3×9 pixels', 'choose a larger picture'],
  ])('%j', (args, code, ...words) => expectRefusal(degrade(...args), code, ...words));
});
