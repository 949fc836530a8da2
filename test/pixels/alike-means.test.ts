import { describe, expect, it } from 'vitest';
import { ALIKE_REACH, alikeMeans } from '#src/pixels/index.js';
import { createRandom } from '#src/random.js';

const [width, height] = [41, 29];

/** Two flat halves with noise of a deviation of 0.01. */
function halves(): Float32Array {
  const random = createRandom(5);
  return Float32Array.from(
    { length: width * height },
    (_, i) => (i % width < 20 ? 0.4 : 0.6) + 0.01 * random.normal(),
  );
}

/** The same by its definition, in double precision. */
function plainMeans(map: Float32Array, variance: number): Float64Array {
  const counts = new Float64Array(map.length).fill(1);
  const sums = Float64Array.from(map);
  const at = (i: number): number => map[i] ?? 0;
  for (let down = 0; down <= 6; down += 2)
    for (let across = down === 0 ? 2 : -6; across <= 6; across += 2)
      for (let y = 1; y < height - down - 1; y++)
        for (let x = Math.max(0, -across) + 1; x < Math.min(width, width - across) - 1; x++) {
          const i = y * width + x;
          const j = i + down * width + across;
          let sum = 0;
          for (let dy = -1; dy <= 1; dy++)
            for (let dx = -1; dx <= 1; dx++) sum += (at(i + dy * width + dx) - at(j + dy * width + dx)) ** 2;
          const beyond = Math.max(0, sum / (9 * 8 * variance) - 2 / 8);
          const weight = Math.max(0, 1 - beyond / 8) ** 8;
          for (const [own, other] of [
            [i, j],
            [j, i],
          ] as const) {
            counts[own] = (counts[own] ?? 0) + weight;
            sums[own] = (sums[own] ?? 0) + weight * at(other);
          }
        }
  return sums.map((sum, i) => sum / (counts[i] ?? 1));
}

describe('alikeMeans', () => {
  it('is what its definition says', () => {
    const map = halves();
    const means = alikeMeans(map, width, () => 1e-4);
    const expected = plainMeans(map, 1e-4);
    for (const [i, mean] of means.entries()) expect(Math.abs(mean - (expected[i] ?? 0))).toBeLessThan(2e-6);
  });

  it('averages what is random and nothing across an edge', () => {
    const means = alikeMeans(halves(), width, () => 1e-4);
    let [squares, count] = [0, 0];
    for (let y = ALIKE_REACH; y < height - ALIKE_REACH; y++)
      for (let x = ALIKE_REACH; x < width - ALIKE_REACH; x++, count++)
        squares += ((means[y * width + x] ?? 0) - (x < 20 ? 0.4 : 0.6)) ** 2;
    expect(Math.sqrt(squares / count)).toBeLessThan(0.005);
  });

  it('keeps everything where nothing is random, and maps too small to compare', () => {
    const map = halves();
    for (const [i, mean] of alikeMeans(map, width, () => 0).entries())
      expect(Math.abs(mean - (map[i] ?? 0))).toBeLessThan(1e-6);
    expect(alikeMeans(Float32Array.of(0.1, 0.9), 2, () => 1)).toEqual(Float32Array.of(0.1, 0.9));
    expect(alikeMeans(new Float32Array(0), 0, () => 1)).toEqual(new Float32Array(0));
  });

  it('gives the same after a larger map', () => {
    const before = alikeMeans(halves(), width, () => 1e-4);
    alikeMeans(new Float32Array(300 * 300).fill(Number.NaN), 300, () => 1);
    expect(alikeMeans(halves(), width, () => 1e-4)).toEqual(before);
  });
});
