import type { Planes } from '#src/pixels/index.js';
import { describe, expect, test } from 'vitest';
import { createRandom } from '#src/random.js';
import { addGaussianNoise, shrinkDetail } from '#src/upscale/index.js';
import { drawPlanes, flat } from './drawing.js';

const clean = { ...drawPlanes(96, 80), data: drawPlanes(96, 80).data };
const noisy = addGaussianNoise(clean, 15, false, createRandom(2));
const difference = (a: Planes, b: Planes): Planes => ({
  ...a,
  data: a.data.map((value, i) => value - (b.data[i] ?? 0)),
});
const error = (a: Planes, b: Planes): number =>
  Math.sqrt(a.data.reduce((sum, value, i) => sum + (value - (b.data[i] ?? 0)) ** 2, 0) / a.data.length);
const noise = difference(noisy, clean);

describe('taking away what is not above the noise', () => {
  test('halves the noise of which it is told', () => {
    const denoised = shrinkDetail(noisy, { bands: 3, strength: 1, noise });
    expect(error(denoised, clean)).toBeLessThan(0.5 * error(noisy, clean));
    expect(denoised.data.every((value) => Math.abs(value * 255 - Math.round(value * 255)) < 1e-3)).toBe(true);
  });

  test('leaves a picture alone in which there is none', () => {
    const none = { ...clean, data: new Float32Array(clean.data.length) };
    expect(error(shrinkDetail(clean, { bands: 3, strength: 1, noise: none }), clean)).toBeLessThan(0.5 / 255);
  });

  test('with one band leaves the coarse part of the noise, with four hardly any', () => {
    const grey = flat(0.5, 96, 80);
    const spoilt = addGaussianNoise(grey, 15, true, createRandom(3));
    const left = [1, 2, 4].map((bands) =>
      error(shrinkDetail(spoilt, { bands, strength: 2, noise: 15 / 255 }), grey),
    );
    const [one = 0, two = 0, four = 0] = left;
    expect(one).toBeGreaterThan(0.2 * error(spoilt, grey));
    expect(two).toBeLessThan(0.6 * one);
    expect(four).toBeLessThan(0.6 * two);
  });

  test('smooths weak texture away and keeps edges, of a picture without noise', () => {
    const random = createRandom(4);
    const edge = flat(0, 64, 64);
    for (let i = 0; i < edge.data.length; i++)
      edge.data[i] = (i % 64 < 32 ? 0.2 : 0.8) + 0.02 * (random.uniform() - 0.5);
    const { data } = shrinkDetail(edge, { bands: 3, strength: 1, noise: 12 / 255 });
    const row = data.subarray(30 * 64, 31 * 64);
    expect((row[33] ?? 0) - (row[30] ?? 0)).toBeGreaterThan(0.5);
    const spread = (from: number, to: number): number =>
      Math.max(...row.subarray(from, to)) - Math.min(...row.subarray(from, to));
    expect(spread(4, 20)).toBeLessThan(0.006);
  });
});
