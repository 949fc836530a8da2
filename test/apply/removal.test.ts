import { describe, expect, test } from 'vitest';
import type { Picture } from '#src/images/index.js';
import { type DenoiseOptions, denoise, openDenoiser } from '#src/api/index.js';
import type { Progress } from '#src/apply/index.js';
import { scene, withNoise } from '../denoise/measure-noise/drawn-pictures.js';
import { refusal } from '../weights/files.js';
import { largestDifference, randomDenoiser } from '../models/denoisers.js';

const weights = randomDenoiser(4, 1);
const quick: DenoiseOptions = { device: 'cpu', threads: 1, weights, adapt: false, enhance: false };
const file = { bitDepth: 8, format: 'png', metadata: {} } as const;
const clean: Picture = { ...scene(), ...file };
const noisy: Picture = { ...withNoise(scene(), () => 14 / 255), ...file };

describe('what is taken away', () => {
  test('is nothing of a clean picture, which nothing is learnt from either', async () => {
    const events: Progress[] = [];
    const onProgress = (event: Progress) => void events.push(event);
    const result = await denoise(clean, { ...quick, adapt: true, steps: 3, onProgress });
    expect(largestDifference(result.data, clean.data)).toBe(0);
    expect(events.map(({ kind }) => kind)).not.toContain('training');
    expect(events.at(-1)).toMatchObject({ kind: 'denoised', strength: 0, removed: 0, learnt: false });
  });

  test('is told: what was measured, how strongly, how much', async () => {
    const denoising = await openDenoiser({ learnFrom: [noisy], ...quick });
    const { picture, facts } = await denoising.removal(noisy);
    await denoising.close();
    expect(largestDifference(picture.data, noisy.data)).toBeGreaterThan(0.01);
    expect(facts).toMatchObject({ evidence: 1, strength: 100 });
    expect(facts?.lumaNoise).toBeGreaterThan(8);
    expect(facts?.removed).toBeGreaterThan(3);
  });

  test('is as much as is asked for, and nothing where the mask is black', async () => {
    const same = await denoise(noisy, { ...quick, strength: 0 });
    expect(largestDifference(same.data, noisy.data)).toBe(0);
    const half = { ...clean, channels: 1 as const, data: new Float32Array(400 * 300) };
    half.data.fill(1, 400 * 150);
    const [masked, all] = [await denoise(noisy, { ...quick, mask: half }), await denoise(noisy, quick)];
    expect(largestDifference(masked.data.subarray(0, 400 * 150), noisy.data.subarray(0, 400 * 150))).toBe(0);
    expect(
      largestDifference(masked.data.subarray(400 * 150, 400 * 300), all.data.subarray(400 * 150, 400 * 300)),
    ).toBe(0);
    const still = await denoise(noisy, { ...quick, luma: 0, chroma: 0 });
    expect(largestDifference(still.data, noisy.data)).toBe(0);
  });

  test.each<[string, DenoiseOptions, string]>([
    ['a strength of 101', { strength: 101 }, '`strength` must be a number from 0 to 100, got 101'],
    ['a luma below 0', { luma: -1 }, '`luma` must be a number from 0 to 100, got -1'],
    [
      'a detail that is no number',
      { detail: Number.NaN },
      '`detail` must be a number from 0 to 100, got NaN',
    ],
    ['bare and a strength', { bare: true, strength: 5 }, 'leave out `strength`'],
    ['bare and a mask', { bare: true, mask: clean }, 'leave out `mask`'],
    ['detail and none', { keepDetail: false, detail: 5 }, '`detail` and `keepDetail: false` disagree'],
    ['a mask with colours', { mask: clean }, '`mask` has colours; a mask is a grey picture'],
    [
      'a mask of another size',
      { mask: { ...clean, channels: 1, width: 2, height: 2, data: new Float32Array(4) } },
      '`mask` has 2×2 pixels and picture 1 400×300; both must have the same size',
    ],
  ])('is refused in one line for %s', async (_, options, words) => {
    const message = await refusal(() => denoise(noisy, { ...quick, ...options }));
    expect(message).toContain(words);
    expect(message).not.toContain('\n');
  });
});
