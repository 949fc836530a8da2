import { describe, expect, test } from 'vitest';
import { createRandom, mix32 } from '#src/nn/index.js';

/** The next numbers of a generator, as the 32 bits they were made of. */
const words = (count: number, seed: number, ...stream: number[]): number[] => {
  const random = createRandom(seed, ...stream);
  return Array.from({ length: count }, () => random.uniform() * 2 ** 32);
};

/** Σ (observed − expected)² / expected */
const chiSquare = (counts: readonly number[], expected: number): number =>
  counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);

describe('createRandom', () => {
  test('gives the same numbers for ever', () => {
    expect(words(4, 0)).toEqual([937651275, 2213193606, 3901347005, 2716280325]);
    expect(words(3, 0, 5)).toEqual([3407838118, 1746091471, 907997293]);
    expect(words(3, 42, 1, 2)).toEqual([2371722308, 1245083994, 3724510939]);
    expect([mix32(0), mix32(1), mix32(2 ** 32 - 1)]).toEqual([0, 1364076727, 2180083513]);
  });

  test('repeats a stream from the same seed, and no other', () => {
    expect(words(20, 3, 7)).toEqual(words(20, 3, 7));
    const streams = [
      words(20, 3),
      words(20, 4),
      words(20, 3, 0),
      words(20, 3, 1),
      words(20, 3, 0, 1),
      words(20, 3, 1, 0),
    ];
    const seen = new Set(streams.flat());
    expect(seen.size).toBe(20 * streams.length);
  });

  test('tells seeds beyond 32 bits apart', () => {
    const seeds = [1, 1 + 2 ** 32, 1 + 2 ** 40, Number.MAX_SAFE_INTEGER, 2 ** 32 - 1];
    expect(new Set(seeds.map((seed) => words(1, seed)[0])).size).toBe(seeds.length);
  });

  test('is uniform: 64 bins, 63 degrees of freedom', () => {
    const random = createRandom(1);
    const counts = new Array<number>(64).fill(0);
    for (let i = 0; i < 64_000; i++) {
      const bin = Math.floor(random.uniform() * 64);
      counts[bin] = (counts[bin] ?? Number.NaN) + 1;
    }
    expect(chiSquare(counts, 1000)).toBeGreaterThan(30);
    expect(chiSquare(counts, 1000)).toBeLessThan(105);
  });

  test('neighbouring seeds and streams are uniform together', () => {
    const counts = new Array<number>(16).fill(0);
    for (let seed = 0; seed < 80; seed++)
      for (let stream = 0; stream < 100; stream++) {
        const bin = Math.floor(createRandom(seed, stream).uniform() * 16);
        counts[bin] = (counts[bin] ?? Number.NaN) + 1;
      }
    expect(chiSquare(counts, 500)).toBeLessThan(35);
  });

  test('draws whole numbers below a bound, all of them', () => {
    const random = createRandom(2);
    const drawn = Array.from({ length: 1000 }, () => random.integer(7));
    expect([...new Set(drawn)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test('draws normal numbers: mean 0, variance 1, no skew, a kurtosis of 3', () => {
    const random = createRandom(3);
    const drawn = Array.from({ length: 40_000 }, () => random.normal());
    const moment = (k: number): number => drawn.reduce((sum, x) => sum + x ** k, 0) / drawn.length;
    expect(Math.abs(moment(1))).toBeLessThan(0.02);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.03);
    expect(Math.abs(moment(3))).toBeLessThan(0.06);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.2);
    expect(drawn.every(Number.isFinite)).toBe(true);
  });
});
