import type { Planes } from '#src/pixels/index.js';
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { readPicture } from '#src/images/index.js';
import { msSsim, ssim, withoutBorder } from '#src/quality/index.js';
import { sharedFolder } from '../shared.js';
import { pattern, refusal, withData } from './pictures.js';

/** The definition of the uniform variant, written the slow way: at each position the 49 pixels themselves. */
function directUniform(a: Planes, b: Planes): number {
  const found: number[] = [];
  for (let top = 0; top + 7 <= a.height; top++)
    for (let left = 0; left + 7 <= a.width; left++) {
      const under = (picture: Planes): number[] =>
        Array.from({ length: 49 }, (_, i) =>
          Math.round(
            255 * (picture.data[(top + Math.floor(i / 7)) * picture.width + left + (i % 7)] ?? Number.NaN),
          ),
        );
      const [p, q] = [under(a), under(b)];
      const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / 49;
      const [m, n] = [mean(p), mean(q)];
      const covariance = (u: number[], meanU: number, v: number[], meanV: number) =>
        u.reduce((sum, value, i) => sum + (value - meanU) * ((v[i] ?? Number.NaN) - meanV), 0) / 48;
      found.push(
        ((2 * m * n + 6.5025) * (2 * covariance(p, m, q, n) + 58.5225)) /
          ((m * m + n * n + 6.5025) * (covariance(p, m, p, m) + covariance(q, n, q, n) + 58.5225)),
      );
    }
  return found.reduce((sum, value) => sum + value, 0) / found.length;
}

test('the uniform window equals its definition', () => {
  const a = pattern(23, 17, 1);
  const b = withData(a, (value, i) => (0.8 * value + 0.1 * Math.abs(Math.cos(i))) % 1);
  expect(ssim(a, b, { window: 'uniform' })).toBeCloseTo(directUniform(a, b), 10);
  expect(refusal(() => ssim(pattern(6, 9), pattern(6, 9), { window: 'uniform' }))).toContain('at least 7×7');
});

test.each([
  [520, 400, 0.9896243111805789],
  [700, 655, 0.9935495343531437],
])('pictures of %i×%i that are made smaller first give what NumPy gives', (width, height, expected) => {
  const value = (i: number): number => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return (3 * x + 2 * y + ((x * y) >> 5)) % 256;
  };
  const clean = withData(pattern(width, height, 1), (_, i) => value(i) / 255);
  const noisy = withData(
    clean,
    (_, i) => Math.min(255, Math.max(0, value(i) + ((i * 7919 + (i >> 3) * 31) % 41) - 20)) / 255,
  );
  expect(ssim(clean, noisy, { reduce: true })).toBeCloseTo(expected, 9);
  expect(ssim(clean, noisy)).not.toBeCloseTo(expected, 2);
});

test('small pictures are not made smaller', () => {
  const [a, b] = [pattern(300, 280, 1), pattern(300, 280, 1, 2)];
  expect(ssim(a, b, { reduce: true })).toBe(ssim(a, b));
});

test('the border is left out in every channel', () => {
  const whole = pattern(9, 8);
  const inner = withoutBorder(whole, 2);
  expect([inner.width, inner.height, inner.channels]).toEqual([5, 4, 3]);
  const at = (channel: number, x: number, y: number) => whole.data[(channel * 8 + y) * 9 + x];
  expect(inner.data[0]).toBe(at(0, 2, 2));
  expect(inner.data[5 * 4]).toBe(at(1, 2, 2));
  expect(inner.data.at(-1)).toBe(at(2, 6, 5));
  expect(withoutBorder(whole, 0)).toBe(whole);
  expect(refusal(() => withoutBorder(whole, 4))).toContain('9×8 pixels has nothing left');
});

test('noisy photographs: the variant of scikit-image, and MS-SSIM', async (context) => {
  const folder = sharedFolder(context, 'data', 'sidd5');
  const fixture = new URL('../fixtures/metrics_sidd5_noisy_vs_clean.json', import.meta.url);
  const references: readonly { readonly image: string; readonly ssim_uniform7_scikit: number }[] = JSON.parse(
    await readFile(fixture, 'utf8'),
  );
  // By NumPy, in double precision, from the definition; the mean of red, green and blue.
  const multiScale = [
    0.4428528312189394, 0.7863707524245945, 0.7177549409883289, 0.7632897203045462, 0.6901891264475024,
  ];
  for (const [i, { image, ssim_uniform7_scikit }] of references.entries()) {
    const noisy = await readPicture(`${folder}/noisy/${image}`);
    const clean = await readPicture(`${folder}/clean/${image}`);
    expect(Math.abs(ssim(noisy, clean, { window: 'uniform' }) - ssim_uniform7_scikit)).toBeLessThan(1e-6);
    expect(Math.abs(msSsim(noisy, clean) - (multiScale[i] ?? Number.NaN))).toBeLessThan(1e-6);
  }
});

test('the value that the authors’ program gives of Goldhill, a grey picture and its JPEG', async (context) => {
  const folder = sharedFolder(context, 'data', 'iqa_reference_scores', 'piq');
  const grey = async (name: string): Promise<Planes> => {
    const { data, info } = await sharp(`${folder}/${name}`)
      .extractChannel(0)
      .raw()
      .toBuffer({ resolveWithObject: true });
    return {
      width: info.width,
      height: info.height,
      channels: 1,
      data: Float32Array.from(data, (value) => value / 255),
    };
  };
  const [one, other] = [await grey('goldhill.gif'), await grey('goldhill_jpeg.gif')];
  expect(Math.abs(ssim(one, other, { reduce: true }) - 0.8202)).toBeLessThan(1e-4);
});
