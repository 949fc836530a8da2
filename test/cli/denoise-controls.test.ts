import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { describePicture, readPicture, writePicture } from '#src/images/index.js';
import {
  drawWeights,
  expectRefusal,
  expectSuccess,
  jsonLines,
  namesIn,
  onCpu,
  photograph,
  revela,
  temporaryFolder,
} from './command.js';

const path = temporaryFolder();
const denoise = (...options: readonly (string | number)[]) =>
  revela(['denoise', 'photo.jpg', '--weights', 'drawn.safetensors', '--no-adapt', ...onCpu, ...options], {
    cwd: path(),
  });

beforeAll(async () => {
  await drawWeights(path('drawn.safetensors'));
  await photograph(64, 48).jpeg({ quality: 90 }).toFile(path('photo.jpg'));
  await sharp({ create: { width: 10, height: 48, channels: 3, background: '#888' } })
    .toColourspace('b-w')
    .png()
    .toFile(path('mask.png'));
});

describe('how much is taken away', () => {
  it('is nothing at strength 0: the same file', async () => {
    const { stdout } = await expectSuccess(denoise('--strength', 0, '--json'));
    expect(await readFile(path('photo.denoised.jpg'))).toEqual(await readFile(path('photo.jpg')));
    expect(jsonLines(stdout).find(({ kind }) => kind === 'denoised')).toMatchObject({
      ...{ picture: 'photo.jpg', strength: 0, removed: 0, learnt: false },
      lumaNoise: expect.any(Number),
    });
  });

  it('is told in a line', async () => {
    const { stderr } = await expectSuccess(denoise('--strength', 80, '--detail', 0, '--output', 'less.png'));
    expect(stderr).toMatch(/^photo\.jpg: .*; [\d.]+ taken away at strength 80$/m);
  });

  it('can be previewed', async () => {
    await expectSuccess(denoise('--preview'));
    expect(await describePicture(path('photo.preview.png'))).toMatchObject({ width: 104, height: 104 });
  });

  it('can be previewed of a picture that lies low in its 16 bits, which stays as dark', async () => {
    const { data, info } = await photograph(64, 48, 3, 16)
      .raw({ depth: 'ushort' })
      .toBuffer({ resolveWithObject: true });
    const samples = Uint16Array.from(
      new Uint16Array(data.buffer, data.byteOffset, data.length / 2),
      (sample) => Math.round(sample / 100),
    );
    const dark = { width: info.width, height: info.height, channels: 3, data: Float32Array.from(samples) };
    for (let i = 0; i < samples.length; i++)
      dark.data[(i % 3) * 64 * 48 + Math.floor(i / 3)] = (samples[i] ?? 0) / 65_535;
    await writePicture(path('dark.png'), { ...dark, channels: 3, bitDepth: 16, format: 'png', metadata: {} });
    const { stderr } = await expectSuccess(
      revela(['denoise', 'dark.png', '--weights', 'drawn.safetensors', '--no-adapt', '--preview', ...onCpu], {
        cwd: path(),
      }),
    );
    expect(stderr).toMatch(/^dark\.png uses the lowest [\d.]+ % of its range/m);
    const preview = await readPicture(path('dark.preview.png'));
    expect(preview.bitDepth).toBe(16);
    expect(preview.data.reduce((most, value) => Math.max(most, value), 0)).toBeLessThan(0.012);
    expect(preview.data.reduce((sum, value) => sum + value, 0) / preview.data.length).toBeGreaterThan(0.002);
  });

  it.each([
    [['--mask', 'mask.png'], '--mask mask.png has 10×48 pixels and photo.jpg 64×48'],
    [['--mask', 'gone.png'], 'gone.png', 1],
    [['--strength', 101], 'Expected a number from 0 to 100'],
    [['--bare', '--luma', 3], "--bare gives the network's answer as it is: leave out --luma"],
    [['--preview', '--save-weights', 'x.safetensors'], '--preview learns nothing'],
  ] as const)('is refused in one line: %j', async (options, words, code: 1 | 2 = 2) => {
    await expectRefusal(denoise(...options, '--output', 'none.png'), code, words);
    expect(namesIn(path('.'))).not.toContain('none.png');
  });
});
