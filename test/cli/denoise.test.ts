import { mkdir, readFile, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { describePicture, readPicture } from '#src/images/index.js';
import { readSafetensors } from '#src/weights/index.js';
import {
  drawWeights,
  expectSuccess,
  jsonLines,
  namesIn,
  onCpu,
  photograph,
  revela,
  smallNetwork,
  temporaryFolder,
} from './command.js';

const path = temporaryFolder();
/** Learns next to nothing, quickly, from weights that turn pictures into patterns. */
const briefly = (): readonly (string | number)[] => [
  ...onCpu,
  ...['--weights', path('drawn.safetensors'), '--steps', 3, '--patch', 40, '--bare'],
];
/** Applies such weights as they are. */
const asIs = (weights = 'drawn.safetensors'): readonly (string | number)[] => [
  ...onCpu,
  ...['--weights', path(weights), '--no-adapt', '--bare'],
];

beforeAll(async () => {
  await drawWeights(path('drawn.safetensors'));
  await photograph(64, 48).png().toFile(path('photo.png'));
});

describe('learning', () => {
  it('from scratch, from several pictures, into a new folder', async () => {
    await photograph(50, 45).jpeg({ quality: 100 }).toFile(path('second.JPG'));
    const inputs = [path('second.JPG'), path('photo.png')];
    const output = ['--output', path('results', 'clean')];
    const { stdout, stderr } = await expectSuccess(
      revela(['denoise', ...inputs, ...output, '--from-scratch', '--steps', 2, ...smallNetwork, ...onCpu]),
    );
    expect(namesIn(path('results', 'clean'))).toEqual(['photo.png', 'second.JPG']);
    expect(stdout).toBe(`${path('results/clean/photo.png')}\n${path('results/clean/second.JPG')}\n`);
    expect(await describePicture(path('results/clean/photo.png'))).toMatchObject({ width: 64, height: 48 });
    expect(await describePicture(path('results/clean/second.JPG'))).toMatchObject({ format: 'jpeg' });
    const lines = stderr.split('\n');
    expect(lines.slice(0, 3)).toEqual([
      'Training a new network on 2 pictures for 2 steps, then denoising',
      'Device: CPU, 1 thread',
      expect.stringMatching(
        /^training: step 1\/2, loss [\d.]+, [\d.]+ patches\/s,( \d+ % waiting for pictures,)? 0:\d\d left$/,
      ),
    ]);
    expect(lines.at(-2)).toMatch(/^Denoised 2 pictures in \d:\d\d$/);
  });

  it('gives the same picture and weights for the same seed, and others for another', async () => {
    const run = (name: string, seed: number) =>
      expectSuccess(
        revela([
          ...['denoise', path('photo.png'), '--output', path(`${name}.png`)],
          ...['--save-weights', path(`${name}.safetensors`), '--seed', seed, ...briefly()],
        ]),
      );
    await run('first', 5);
    await run('again', 5);
    await run('other', 6);
    const first = await readFile(path('first.png'));
    expect((await readFile(path('again.png'))).equals(first)).toBe(true);
    expect((await readFile(path('other.png'))).equals(first)).toBe(false);
    const tensors = async (name: string) => (await readSafetensors(path(`${name}.safetensors`))).tensors;
    expect(await tensors('again')).toEqual(await tensors('first'));
    expect(await tensors('other')).not.toEqual(await tensors('first'));

    await expectSuccess(
      revela(['denoise', path('photo.png'), '--output', path('applied.png'), ...asIs('first.safetensors')]),
    );
    expect((await readFile(path('applied.png'))).equals(first)).toBe(true);
    expect((await sharp(first).stats()).channels.every(({ stdev }) => stdev > 0)).toBe(true);
  });

  it('tells other programs as JSON', async () => {
    const { stdout, stderr } = await expectSuccess(
      revela([
        ...['denoise', path('photo.png'), '--output', path('told.png'), '--json'],
        ...['--save-weights', path('told.safetensors'), ...briefly()],
      ]),
    );
    expect(stderr).toBe('');
    const lines = jsonLines(stdout);
    expect(lines.filter(({ kind }) => kind === 'training')).toMatchObject(
      [1, 2, 3].map((step) => ({ step, steps: 3 })),
    );
    expect(lines).toContainEqual({ kind: 'written', input: path('photo.png'), output: path('told.png') });
    expect(lines.at(-1)).toEqual({
      kind: 'done',
      written: [path('told.png')],
      failures: [],
      weights: path('told.safetensors'),
      seconds: expect.any(Number),
    });
  });
});

describe('results', () => {
  it('lie beside the pictures and are no pictures of the folder the next time', async () => {
    await mkdir(path('shots', 'more'), { recursive: true });
    for (const name of ['a.png', 'b.tif', 'more/c.webp'])
      await photograph(20, 20).toFile(path('shots', name));
    await writeFile(path('shots', 'notes.txt'), 'No picture.');
    await expectSuccess(revela(['denoise', path('shots'), '--format', 'png', ...asIs()]));
    const after = ['a.denoised.png', 'a.png', 'b.denoised.png', 'b.tif', 'more', 'notes.txt'];
    expect(namesIn(path('shots'))).toEqual(after);
    await expectSuccess(revela(['denoise', 'shots', '-r', '--overwrite', ...asIs()], { cwd: path() }));
    expect(namesIn(path('shots'))).toEqual([...after.slice(0, 3), 'b.denoised.tif', ...after.slice(3)]);
    expect(namesIn(path('shots', 'more'))).toEqual(['c.denoised.webp', 'c.webp']);
  });

  it('follow a pattern', async () => {
    await mkdir(path('few'));
    for (const name of ['x1.png', 'x2.png', 'y1.png']) await photograph(16, 16).toFile(path('few', name));
    const { stdout } = await expectSuccess(
      revela(['denoise', 'few/x*.png', '-o', 'matched', ...asIs()], { cwd: path() }),
    );
    expect(stdout).toBe('matched/x1.png\nmatched/x2.png\n');
  });

  it('replace a file only when told to', async () => {
    await writeFile(path('old.png'), 'old');
    await expectSuccess(
      revela(['denoise', path('photo.png'), '-o', path('old.png'), '--overwrite', ...asIs()]),
    );
    expect(await describePicture(path('old.png'))).toMatchObject({ width: 64 });
  });

  it('keep 16 bits, grey and transparency', async () => {
    await photograph(40, 30, 2, 16).png().toFile(path('deep.png'));
    await expectSuccess(revela(['denoise', path('deep.png'), ...asIs()]));
    const before = await readPicture(path('deep.png'));
    const after = await readPicture(path('deep.denoised.png'));
    expect(after).toMatchObject({ width: 40, height: 30, channels: 1, bitDepth: 16 });
    expect(after.alpha).toEqual(before.alpha);
    // Values between two steps of 8 bits show that it was not written by way of 8 bits.
    expect(after.data.some((value) => Math.abs(value * 255 - Math.round(value * 255)) > 0.1)).toBe(true);
    expect(after.data).not.toEqual(before.data);
  });

  it('keep EXIF, ICC profile and the upright position', async () => {
    await photograph(48, 32)
      .withMetadata({ orientation: 6, icc: 'p3', density: 240 })
      .withExifMerge({ IFD0: { Make: 'Testwerke', Model: 'T 1' }, IFD2: { ISOSpeedRatings: '800' } })
      .jpeg()
      .toFile(path('camera.jpg'));
    await expectSuccess(revela(['denoise', path('camera.jpg'), ...asIs()]));
    const [before, after] = [
      await readPicture(path('camera.jpg')),
      await readPicture(path('camera.denoised.jpg')),
    ];
    expect([after.width, after.height]).toEqual([32, 48]);
    expect(after.metadata.icc).toEqual(before.metadata.icc);
    expect(await describePicture(path('camera.denoised.jpg'))).toMatchObject({
      profile: 'sP3C',
      camera: { make: 'Testwerke', model: 'T 1', iso: 800 },
    });
    expect([undefined, 1]).toContain((await sharp(path('camera.denoised.jpg')).metadata()).orientation);
  });

  it('depend on --enhance, and not on --tile', async () => {
    await photograph(150, 130).png().toFile(path('large.png'));
    const run = (name: string, ...options: readonly (string | number)[]) =>
      expectSuccess(revela(['denoise', path('large.png'), '-o', path(name), ...options, ...asIs()]));
    await run('whole.png');
    await run('tiled.png', '--tile', 64, '--enhance');
    await run('single.png', '--no-enhance');
    const [whole, tiled, single] = await Promise.all(
      ['whole.png', 'tiled.png', 'single.png'].map((name) => readPicture(path(name))),
    );
    expect(tiled?.data).toEqual(whole?.data);
    expect(single?.data).not.toEqual(whole?.data);
  });

  it.each([
    [1, 1],
    [7, 3],
    [1, 40],
  ])('are there for a picture of %i × %i pixels, learning included', async (width, height) => {
    const [input, output] = [path(`tiny${height}.png`), path(`tiny${height}.denoised.png`)];
    await photograph(width, height).png().toFile(input);
    await expectSuccess(revela(['denoise', input, ...briefly()]));
    expect(await describePicture(output)).toMatchObject({ width, height, channels: 3 });
  });
});

describe('a folder with a broken picture', () => {
  it('is denoised but for that one, which is reported', async () => {
    await mkdir(path('mixed'));
    const whole = await photograph(64, 64).png().toBuffer();
    await writeFile(path('mixed', 'a.png'), whole);
    await writeFile(path('mixed', 'broken.png'), whole.subarray(0, whole.length - 200));
    await writeFile(path('mixed', 'c.png'), whole);
    const ending = await revela(['denoise', path('mixed'), '-o', path('rest'), ...asIs()]);
    expect(ending.code).toBe(1);
    expect(namesIn(path('rest'))).toEqual(['a.png', 'c.png']);
    expect(ending.stderr).toMatch(
      /^revela: \S+broken\.png is damaged or cut short[^\n]*\nDenoised 2 of 3 pictures/m,
    );

    const json = await revela([
      'denoise',
      path('mixed'),
      '-o',
      path('rest'),
      '--overwrite',
      '--json',
      ...asIs(),
    ]);
    expect(jsonLines(json.stdout).at(-1)).toMatchObject({
      kind: 'done',
      written: [path('rest/a.png'), path('rest/c.png')],
      failures: [
        { input: path('mixed/broken.png'), message: expect.stringContaining('damaged or cut short') },
      ],
    });
    expect(json.code).toBe(1);
  });
});

describe('when asked to stop', () => {
  it('while learning, it writes nothing', async () => {
    await mkdir(path('stopped'));
    const ending = await revela(
      [
        ...['denoise', path('photo.png'), '-o', path('stopped', 'photo.png'), '--json', ...onCpu],
        ...['--weights', path('drawn.safetensors'), '--minutes', 60, '--patch', 40],
        ...['--save-weights', path('stopped', 'w.safetensors')],
      ],
      { interrupt: { at: '"step":2,', signal: 'SIGINT' } },
    );
    expect(ending.code).toBe(130);
    expect(ending.stderr).toBe('revela: stopped; nothing was written\n');
    expect(jsonLines(ending.stdout).at(-1)).toMatchObject({ kind: 'error', exitCode: 130 });
    expect(namesIn(path('stopped'))).toEqual([]);
  });

  it('by a reader that goes away, it works on', async () => {
    const command = '"$0" "$@" 2>/dev/null | head -n 1';
    const { stdout } = await revela(
      ['denoise', path('photo.png'), '-o', path('piped.png'), '--json', ...asIs()],
      {
        wrapper: ['sh', '-c', command],
      },
    );
    expect(jsonLines(stdout)).toMatchObject([{ kind: 'note' }]);
    expect(await describePicture(path('piped.png'))).toMatchObject({ width: 64 });
  });
});
