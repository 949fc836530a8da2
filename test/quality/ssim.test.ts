import type { Planes } from '#src/pixels/index.js';
import { expect, test } from 'vitest';
import { ssim } from '#src/quality/index.js';
import { pattern, refusal, withData } from './pictures.js';

/** The definition, written the slow way: at each position the 121 weighted pixels themselves. */
function directSsim(a: Planes, b: Planes): number {
  const weights: number[] = [];
  for (let y = -5; y <= 5; y++)
    for (let x = -5; x <= 5; x++) weights.push(Math.exp(-(x * x + y * y) / (2 * 1.5 ** 2)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const under = (picture: Planes, channel: number, left: number, top: number) =>
    weights.map((_, i) => {
      const [x, y] = [left + (i % 11), top + Math.floor(i / 11)];
      return Math.round(
        255 * (picture.data[(channel * picture.height + y) * picture.width + x] ?? Number.NaN),
      );
    });
  const mean = (values: number[]) =>
    values.reduce((sum, value, i) => sum + value * (weights[i] ?? Number.NaN), 0) / total;
  const found: number[] = [];
  for (let channel = 0; channel < a.channels; channel++)
    for (let top = 0; top + 11 <= a.height; top++)
      for (let left = 0; left + 11 <= a.width; left++) {
        const [p, q] = [under(a, channel, left, top), under(b, channel, left, top)];
        const [meanP, meanQ] = [mean(p), mean(q)];
        const covariance = (u: number[], meanU: number, v: number[], meanV: number) =>
          mean(u.map((value, i) => (value - meanU) * ((v[i] ?? Number.NaN) - meanV)));
        const [c1, c2] = [6.5025, 58.5225];
        found.push(
          ((2 * meanP * meanQ + c1) * (2 * covariance(p, meanP, q, meanQ) + c2)) /
            ((meanP ** 2 + meanQ ** 2 + c1) *
              (covariance(p, meanP, p, meanP) + covariance(q, meanQ, q, meanQ) + c2)),
        );
      }
  return found.reduce((sum, value) => sum + value, 0) / found.length;
}

test.each([
  [11, 11],
  [11, 25],
  [30, 12],
])('equals the definition on a picture of %i×%i', (width, height) => {
  const a = pattern(width, height);
  const b = withData(a, (value, i) => (0.7 * value + 0.2 * Math.abs(Math.sin(i))) % 1);
  expect(ssim(a, b)).toBeCloseTo(directSsim(a, b), 10);
  expect(ssim(b, a)).toBeCloseTo(ssim(a, b), 12);
});

test('equal pictures, flat ones, and a negative', () => {
  const a = pattern(20, 15);
  expect(ssim(a, a)).toBeCloseTo(1, 12);
  const white = withData(a, () => 1);
  const black = withData(a, () => 0);
  expect(ssim(white, black)).toBeCloseTo(6.5025 / (255 ** 2 + 6.5025), 12);
  expect(
    ssim(
      a,
      withData(a, (value) => 1 - value),
    ),
  ).toBeLessThan(0);
});

test('pictures that cannot be compared', () => {
  expect(refusal(() => ssim(pattern(20, 15), pattern(15, 20)))).toMatch(
    /^SSIM compares pictures of the same size/,
  );
  expect(refusal(() => ssim(pattern(40, 10), pattern(40, 10)))).toBe(
    'SSIM needs pictures of at least 11×11 pixels, these have 40×10',
  );
});
