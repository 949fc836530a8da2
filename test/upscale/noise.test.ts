import { describe, expect, it } from 'vitest';
import { createRandom } from '#src/random.js';
import { addGaussianNoise, addPoissonNoise, poissonSampler } from '#src/upscale/index.js';
import { drawPlanes, flat, momentsOf } from './drawing.js';

describe('Gaussian noise', () => {
  it('has the standard deviation it was asked for, in steps of 8 bits', () => {
    const noisy = addGaussianNoise(flat(0.5, 200, 200), 12, false, createRandom(1));
    const { mean, deviation } = momentsOf(noisy.data);
    expect(mean).toBeCloseTo(0.5, 3);
    expect(Math.abs(deviation * 255 - 12)).toBeLessThan(0.15);
    expect(noisy.data.subarray(0, 100)).not.toEqual(noisy.data.subarray(40_000, 40_100));
  });

  it('is the same in all channels when grey', () => {
    const { data } = addGaussianNoise(flat(0.5, 20, 10), 12, true, createRandom(1));
    expect(data.subarray(200, 400)).toEqual(data.subarray(0, 200));
    expect(data.subarray(400)).toEqual(data.subarray(0, 200));
  });

  it('stays in [0, 1] and leaves its source alone', () => {
    const white = flat(1, 50, 50);
    const { data } = addGaussianNoise(white, 30, false, createRandom(2));
    expect(Math.max(...data)).toBe(1);
    expect(Math.min(...data)).toBeLessThan(0.95);
    expect(white.data.every((value) => value === 1)).toBe(true);
  });
});

describe('Poisson numbers', () => {
  it.each([0, 0.3, 4, 57.5, 256])('of the mean %d have that mean and variance', (wanted) => {
    const random = createRandom(4);
    const draw = poissonSampler(wanted);
    const numbers = Array.from({ length: 40_000 }, () => draw(random));
    const { mean, deviation } = momentsOf(numbers);
    const standardError = Math.sqrt(wanted / numbers.length);
    expect(Math.abs(mean - wanted)).toBeLessThanOrEqual(4 * standardError);
    expect(Math.abs(deviation ** 2 - wanted)).toBeLessThanOrEqual(0.05 * wanted);
    expect(numbers.every((value) => Number.isInteger(value) && value >= 0)).toBe(true);
  });

  it('follow the distribution', () => {
    const random = createRandom(9);
    const draw = poissonSampler(2);
    const counts = new Float64Array(20);
    for (let i = 0; i < 50_000; i++) {
      const k = draw(random);
      counts[k] = (counts[k] ?? 0) + 1 / 50_000;
    }
    let probability = Math.exp(-2);
    for (let k = 0; k < 7; k++) {
      expect(Math.abs((counts[k] ?? 0) - probability)).toBeLessThan(0.008);
      probability *= 2 / (k + 1);
    }
  });

  it('have a mean that doubles can hold', () => {
    expect(() => poissonSampler(-1)).toThrow(RangeError);
    expect(() => poissonSampler(Number.NaN)).toThrow(RangeError);
  });
});

describe('Poisson noise', () => {
  // Two values, hence two photons at white; nothing of it is clamped at the scale 0.1.
  const halves = {
    ...flat(0, 300, 100),
    data: Float32Array.from({ length: 90_000 }, (_, i) => (i % 2 ? 0.6 : 0.4)),
  };

  it('grows with the light as the deviation of a count, times the scale', () => {
    const { data } = addPoissonNoise(halves, 0.1, false, createRandom(1));
    for (const [parity, value] of [0.4, 0.6].entries()) {
      const { mean, deviation } = momentsOf(data.filter((_, i) => i % 2 === parity));
      expect(Math.abs(mean - value)).toBeLessThan(0.002);
      expect(Math.abs(deviation - 0.1 * Math.sqrt(value / 2))).toBeLessThan(0.002);
    }
  });

  it('is weaker in a picture of many values', () => {
    const many = drawPlanes(120, 100);
    const { data } = addPoissonNoise(many, 1, false, createRandom(1));
    const { deviation } = momentsOf(data.map((value, i) => value - (many.data[i] ?? 0)));
    expect(deviation).toBeGreaterThan(0.03); // √(0.5 / 256) = 0.044
    expect(deviation).toBeLessThan(0.06);
  });

  it('is the same in all channels when grey, and leaves black alone', () => {
    const picture = drawPlanes(30, 20);
    const { data } = addPoissonNoise(picture, 0.5, true, createRandom(3));
    const change = data.map((value, i) => value - (picture.data[i] ?? 0));
    for (let i = 0; i < 600; i++) expect(change[600 + i]).toBeCloseTo(change[i] ?? Number.NaN, 6);
    expect(addPoissonNoise(flat(0, 9, 9), 3, false, createRandom(1)).data.every((value) => value === 0)).toBe(
      true,
    );
  });
});
