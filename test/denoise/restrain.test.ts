import { describe, expect, test } from 'vitest';
import {
  detailWeights,
  measuredVariances,
  measureNoise,
  residualCells,
  restrain,
} from '#src/denoise/index.js';
import { type Drawn, drawn, scene, withNoise } from './measure-noise/drawn-pictures.js';

const whole = { luma: 1, chroma: 1 };

/** The root of the mean square of the means of blocks of 32² pixels, of 255. */
function blockShift(before: Float32Array, after: Float32Array, { width, height }: Drawn): number {
  let [sum, count] = [0, 0];
  for (let channel = 0; channel < 3; channel++)
    for (let top = 0; top + 32 <= height; top += 32)
      for (let left = 0; left + 32 <= width; left += 32) {
        let mean = 0;
        for (let i = 0; i < 1024; i++) {
          const at = (channel * height + top + (i >> 5)) * width + left + (i & 31);
          mean += ((after[at] ?? 0) - (before[at] ?? 0)) / 1024;
        }
        sum += mean ** 2;
        count += 1;
      }
  return 255 * Math.sqrt(sum / count);
}

/** How much there is of a wave of two pixels, of 255: across, down and both, in blocks of 32². */
function mesh(data: Float32Array, { width, height }: Drawn): number {
  let [sum, count] = [0, 0];
  for (let top = 0; top + 32 <= height; top += 32)
    for (let left = 0; left + 32 <= width; left += 32) {
      const waves = [0, 0, 0];
      for (let i = 0; i < 1024; i++) {
        const [x, y] = [i & 31, i >> 5];
        const value = (data[(top + y) * width + left + x] ?? 0) / 1024;
        for (const [wave, odd] of [x, y, x + y].entries())
          waves[wave] = (waves[wave] ?? 0) + (odd % 2 === 0 ? value : -value);
      }
      sum += waves.reduce((total, value) => total + value ** 2, 0);
      count += 3;
    }
  return 255 * Math.sqrt(sum / count);
}

const difference = (a: Float32Array, b: Float32Array): number =>
  255 * Math.sqrt(a.reduce((sum, value, i) => sum + (value - (b[i] ?? 0)) ** 2, 0) / a.length);

describe('restrain', () => {
  const clean = scene(256, 192);
  const noisy = withNoise(clean, () => 12 / 255);

  test('lets a good answer stand', () => {
    const answer = clean.data.slice();
    restrain(noisy.data, answer, noisy, whole);
    expect(difference(answer, clean.data)).toBeLessThan(0.7);
  });

  test('gives a cast back, wherever it lies, without a halo at an edge', () => {
    const cast = clean.data.map((value, i) => value + (i < 256 * 192 ? 0.04 : i % 256 < 128 ? -0.02 : 0.01));
    expect(blockShift(noisy.data, cast, clean)).toBeGreaterThan(5);
    restrain(noisy.data, cast, noisy, whole);
    expect(blockShift(noisy.data, cast, clean)).toBeLessThan(1);
    // Where the cast changes, what is given back is between the two.
    const most = cast.reduce((far, value, i) => Math.max(far, Math.abs(value - (clean.data[i] ?? 0))), 0);
    expect(most).toBeLessThan(0.04);
  });

  test('gives posterised colours back', () => {
    const few = clean.data.map((value) => Math.round(5 * value) / 5);
    restrain(noisy.data, few, noisy, whole);
    expect(blockShift(noisy.data, few, clean)).toBeLessThan(1);
  });

  test('takes a mesh out, and lets one that is in the picture be', () => {
    const meshed = clean.data.map((value, i) => value + (i % 2 === 0 ? 0.02 : -0.02));
    expect(mesh(meshed, clean)).toBeGreaterThan(2.5);
    restrain(noisy.data, meshed, noisy, whole);
    expect(mesh(meshed, clean)).toBeLessThan(mesh(noisy.data, clean) + 0.2);
    const screen = drawn(256, 192, (x, y) => ((x + y) % 2 === 0 ? 0.6 : 0.4));
    const same = screen.data.slice();
    restrain(screen.data, same, screen, whole);
    expect(difference(same, screen.data)).toBeLessThan(1e-3);
  });

  test('undoes the bias that black made, and no more', () => {
    const dark = drawn(256, 192, () => 0.01);
    const cut = withNoise(dark, () => 0.05);
    const variances = [0, 1, 2].map(() => () => 0.05 ** 2);
    const mean = (data: Float32Array): number => data.reduce((sum, value) => sum + value, 0) / data.length;
    expect(mean(cut.data)).toBeGreaterThan(0.02);
    const right = dark.data.slice();
    restrain(cut.data, right, cut, { ...whole, variances });
    expect(mean(right)).toBeLessThan(0.013);
    const held = dark.data.slice();
    restrain(cut.data, held, cut, whole);
    expect(mean(held)).toBeGreaterThan(0.02);
    const bright = cut.data.map(() => 0.2);
    restrain(cut.data, bright, cut, { ...whole, variances });
    expect(mean(bright)).toBeLessThan(0.032);
  });

  test('gives back what is more than the noise, and takes away all of what is not', () => {
    const lines = drawn(256, 192, (x, y) => 0.5 + (y < 96 && x % 5 === 0 ? 0.2 : 0));
    const noisyLines = withNoise(lines, () => 6 / 255);
    const smooth = drawn(256, 192, (_, y) => (y < 96 ? 0.54 : 0.5));
    const answer = smooth.data.slice();
    const variances = measuredVariances(measureNoise(noisyLines), 3);
    const detail = detailWeights(residualCells(noisyLines.data, answer, noisyLines), variances, 1.5);
    restrain(noisyLines.data, answer, noisyLines, { ...whole, detail, variances });
    const part = (data: Float32Array, from: number, to: number) => data.subarray(from * 256, to * 256);
    expect(difference(part(answer, 0, 90), part(lines.data, 0, 90))).toBeLessThan(8);
    expect(difference(part(smooth.data, 0, 90), part(lines.data, 0, 90))).toBeGreaterThan(20);
    expect(difference(part(answer, 110, 192), part(lines.data, 110, 192))).toBeLessThan(1);
  });

  test('takes away as much as is asked for: of brightness, of colour, by a mask', () => {
    const make = (how: { luma: number; chroma: number; mask?: Float32Array }): Float32Array => {
      const answer = clean.data.slice();
      restrain(noisy.data, answer, noisy, how);
      return answer;
    };
    const luma = (data: Float32Array, i: number): number =>
      0.299 * (data[i] ?? 0) + 0.587 * (data[i + 49152] ?? 0) + 0.114 * (data[i + 98304] ?? 0);
    expect(make({ luma: 0, chroma: 0 })).toEqual(noisy.data);
    const [all, half] = [make(whole), make({ luma: 0.5, chroma: 0.5 })];
    const [bright, coloured] = [make({ luma: 1, chroma: 0 }), make({ luma: 0, chroma: 1 })];
    const mask = Float32Array.from({ length: 256 * 192 }, (_, i) => (i % 256 < 100 ? 0 : 1));
    const masked = make({ ...whole, mask });
    for (let i = 0; i < 49152; i += 1097) {
      expect(half[i]).toBeCloseTo(((all[i] ?? 0) + (noisy.data[i] ?? 0)) / 2, 5);
      expect(luma(bright, i)).toBeCloseTo(luma(all, i), 4);
      expect(luma(coloured, i)).toBeCloseTo(luma(noisy.data, i), 4);
      expect(masked[i]).toBe(i % 256 < 100 ? noisy.data[i] : all[i]);
    }
  });

  test.each([
    [1, 1],
    [7, 3],
    [3, 40],
    [9, 8],
  ])('takes a picture of %i × %i', (width, height) => {
    const tiny = drawn(width, height, () => 0.5);
    const answer = tiny.data.slice();
    expect(restrain(tiny.data, answer, tiny, whole)).toBe(0);
    expect(answer).toEqual(tiny.data);
  });
});
