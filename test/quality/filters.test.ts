import { expect, test } from 'vitest';
import { bicubicResize, halve } from '#src/pixels/index.js';
import { transform2d } from '#src/quality/il-niqe/fourier.js';
import { gaussianDerivatives } from '#src/quality/il-niqe/gaussian-derivative.js';
import { logGaborFilters } from '#src/quality/il-niqe/log-gabor.js';
import { forEachMscnRow, sevenTaps } from '#src/quality/statistics/mscn.js';
import { createRandom } from '#src/random.js';

const numbers = (count: number, seed = 1): Float64Array => {
  const random = createRandom(seed);
  return Float64Array.from({ length: count }, () => Math.floor(256 * random.uniform()));
};

test.each([
  [1, 1],
  [7, 6],
  [12, 11],
  [84, 42],
])('the Fourier transform of %i×%i, forth and back', (width, height) => {
  const input = numbers(width * height);
  const spectrum = { real: input.slice(), imaginary: new Float64Array(width * height) };
  transform2d(spectrum, width, height, 'forward');
  for (const [u, v] of [
    [0, 0],
    [1 % width, 2 % height],
    [width - 1, Math.floor(height / 2)],
  ] as const) {
    let [real, imaginary] = [0, 0];
    for (const [i, value] of input.entries()) {
      const angle = -2 * Math.PI * ((u * (i % width)) / width + (v * Math.floor(i / width)) / height);
      real += value * Math.cos(angle);
      imaginary += value * Math.sin(angle);
    }
    expect(spectrum.real[v * width + u]).toBeCloseTo(real, 6);
    expect(spectrum.imaginary[v * width + u]).toBeCloseTo(imaginary, 6);
  }
  transform2d(spectrum, width, height, 'backward');
  const error = input.reduce(
    (most, value, i) => Math.max(most, Math.abs(value - (spectrum.real[i] ?? 0))),
    0,
  );
  expect(error).toBeLessThan(1e-10);
});

test("halving is MATLAB's bicubic, and keeps the scale where a side is odd", () => {
  const even = numbers(20 * 14);
  const expected = bicubicResize(
    Float32Array.from(even),
    { channels: 1, width: 20, height: 14 },
    { width: 10, height: 7 },
  );
  const half = halve({ width: 20, height: 14, data: even });
  for (const [i, value] of half.data.entries()) expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 4);
  // An odd side: the same samples as of a plane that goes on by mirroring.
  const odd = numbers(9);
  const mirrored = Float64Array.from({ length: 18 }, (_, i) => odd[i < 9 ? i : 17 - i] ?? 0);
  const longer = halve({ width: 18, height: 1, data: mirrored });
  const shorter = halve({ width: 9, height: 1, data: odd });
  expect(shorter.width).toBe(5);
  expect(shorter.data).toEqual(longer.data.slice(0, 5));
});

test('MSCN coefficients under repeated edges, and none where a window is flat', () => {
  const [width, height] = [30, 12];
  const data = numbers(width * height).map((value, i) => (i % width < 12 ? 77 : value));
  const rows: Float64Array[] = [];
  forEachMscnRow({ width, height, data }, { ...sevenTaps, edges: 'repeat' }, (row) => rows.push(row.slice()));
  expect(rows).toHaveLength(height);
  for (const row of rows) expect(row.slice(0, 9)).toEqual(new Float64Array(9));
  const [x, y] = [29, 0];
  let [mean, square, total] = [0, 0, 0];
  for (let j = -3; j <= 3; j++)
    for (let i = -3; i <= 3; i++) {
      const weight = Math.exp(-(i * i + j * j) / (2 * (7 / 6) ** 2));
      const value = data[Math.max(0, y + j) * width + Math.min(width - 1, x + i)] ?? Number.NaN;
      mean += weight * value;
      square += weight * value * value;
      total += weight;
    }
  mean /= total;
  const expected = ((data[x] ?? 0) - mean) / (Math.sqrt(square / total - mean * mean) + 1);
  expect(rows[0]?.[x]).toBeCloseTo(expected, 10);
});

test('Gaussian derivatives of a slope are its steepness, and a constant has none', () => {
  const [width, height] = [40, 30];
  const slope = Float64Array.from(
    { length: width * height },
    (_, i) => 2 * (i % width) - 3 * Math.floor(i / width),
  );
  const { across, down } = gaussianDerivatives(slope, width, height, 1.66);
  // Sums of x² e^(−x²/2σ²) and of e^(−x²/2σ²), as far as the kernel reaches; a convolution turns the kernel round.
  let [squares, sum] = [0, 0];
  for (let x = -5; x <= 5; x++) {
    const weight = Math.exp(-(x * x) / (2 * 1.66 ** 2));
    squares += x * x * weight;
    sum += weight;
  }
  const middle = 15 * width + 20;
  expect(across[middle]).toBeCloseTo(-2 * squares * sum, 8);
  expect(down[middle]).toBeCloseTo(3 * squares * sum, 8);
  const flat = gaussianDerivatives(new Float64Array(width * height).fill(9), width, height, 1.66);
  expect(flat.across[middle]).toBeCloseTo(0, 10);
});

test('log-Gabor filters pass one half plane, most at their wavelength, and no constant', () => {
  const size = 96;
  const filter = logGaborFilters(size, size, {
    ...{ scales: 2, orientations: 4, shortestWave: 4, waveFactor: 2, radialWidth: 0.55, angularRatio: 1.1 },
  });
  const first = filter(0, 0);
  expect(first[0]).toBe(0);
  expect(first[size / 4]).toBeCloseTo(1, 12);
  expect(first[size - size / 4]).toBeLessThan(1e-3);
  expect(filter(1, 0)[size / 8]).toBeCloseTo(1, 12);
  // The third orientation passes waves downwards.
  expect(filter(0, 2)[(size - size / 4) * size]).toBeCloseTo(1, 12);
  expect(() => filter(0, 4)).toThrow(RangeError);
});
