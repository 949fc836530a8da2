import { describe, expect, it } from 'vitest';
import { decodeBy, encodeBy, expose, fillNormals, toneCurve, type SensorNoise } from '#src/noise/index.js';
import { createRandom } from '#src/random.js';
import { momentsOf } from '../upscale/drawing.js';

const quiet: SensorNoise = {
  ...{ shot: 0, read: 0, rowBanding: 0, columnBanding: 0, hotPixels: 0 },
  ...{ steps: 16_383, clipsBlack: true },
};

describe('normal numbers', () => {
  const numbers = fillNormals(new Float32Array(400_000), createRandom(3));

  it('have the moments and the tails of the normal distribution', () => {
    const { mean, deviation } = momentsOf(numbers);
    expect(Math.abs(mean)).toBeLessThan(0.006);
    expect(deviation).toBeCloseTo(1, 2);
    const beyond = (bound: number): number =>
      numbers.reduce((count, x) => count + (x > bound ? 1 : 0), 0) / 4e5;
    expect(beyond(1)).toBeCloseTo(0.1587, 2);
    expect(beyond(2)).toBeCloseTo(0.0228, 2);
    expect(beyond(3)).toBeGreaterThan(0.001);
  });

  it('are not related to those beside them', () => {
    const products = numbers.subarray(1).map((x, i) => x * (numbers[i] ?? 0));
    expect(Math.abs(momentsOf(products).mean)).toBeLessThan(0.006);
  });

  it('are the same for the same seed and others for another', () => {
    const first = (seed: number) => fillNormals(new Float32Array(4), createRandom(seed));
    expect(first(3)).toEqual(numbers.slice(0, 4));
    expect(first(4)).not.toEqual(numbers.slice(0, 4));
  });
});

describe('a sensor', () => {
  const size = { width: 400, height: 250 };
  const exposed = (light: number, noise: Partial<SensorNoise>): Float32Array => {
    const samples = new Float32Array(size.width * size.height).fill(light);
    expose(samples, size, { ...quiet, ...noise }, createRandom(1));
    return samples;
  };

  it('adds a variance of a·x + b', () => {
    for (const light of [0.1, 0.3, 0.6]) {
      const { mean, deviation } = momentsOf(exposed(light, { shot: 2e-3, read: 1e-4 }));
      expect(mean).toBeCloseTo(light, 3);
      expect(deviation ** 2 / (2e-3 * light + 1e-4)).toBeGreaterThan(0.98);
      expect(deviation ** 2 / (2e-3 * light + 1e-4)).toBeLessThan(1.02);
    }
  });

  it('knows whole steps only, and ends at 1', () => {
    const samples = exposed(0.9, { shot: 1e-2, steps: 1023 });
    expect(samples.every((x) => Math.abs(x * 1023 - Math.round(x * 1023)) < 1e-3 && x <= 1)).toBe(true);
    expect(samples.some((x) => x === 1)).toBe(true);
  });

  it('loses what is below black only where its black is 0', () => {
    expect(Math.min(...exposed(0.001, { read: 1e-3 }))).toBe(0);
    expect(Math.min(...exposed(0.001, { read: 1e-3, clipsBlack: false }))).toBeLessThan(-0.05);
  });

  it('has rows and columns that are brighter than others', () => {
    const means = (samples: Float32Array) =>
      Array.from({ length: size.height }, (_, y) => momentsOf(samples.subarray(y * 400, (y + 1) * 400)).mean);
    expect(momentsOf(means(exposed(0.5, { rowBanding: 0.01 }))).deviation).toBeCloseTo(0.01, 2);
    const striped = exposed(0.5, { columnBanding: 0.01 });
    expect(momentsOf(means(striped)).deviation).toBeLessThan(1e-6);
    expect(momentsOf(striped.subarray(0, 400)).deviation).toBeCloseTo(0.01, 2);
    expect(striped.subarray(400, 800)).toEqual(striped.subarray(0, 400)); // every row has the same stripes
  });

  it('has samples that are stuck', () => {
    const stuck = exposed(0.2, { hotPixels: 1e-3 }).filter((x) => x > 0.201).length;
    expect(stuck).toBeGreaterThan(85);
    expect(stuck).toBeLessThanOrEqual(100);
  });
});

describe('a tone curve', () => {
  it('is sRGB’s without contrast at an exponent of 2.4', () => {
    const { forward } = toneCurve({ gamma: 2.4, contrast: 0 });
    const encode = (linear: number): number => encodeBy(forward, linear);
    expect(encode(0.2140411)).toBeCloseTo(0.5, 4);
    expect(encode(0.0031308)).toBeCloseTo(0.04045, 3);
    expect([encode(-1), encode(0), encode(1), encode(2)]).toEqual([0, 0, 1, 1]);
  });

  it('leads back to linear light', () => {
    const { forward, backward } = toneCurve({ gamma: 2, contrast: 0.7 });
    const there = (light: number): number => decodeBy(backward, encodeBy(forward, light));
    for (const light of [0.002, 0.02, 0.18, 0.5, 0.97]) expect(there(light)).toBeCloseTo(light, 3);
  });
});
