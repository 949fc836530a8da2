import { describe, expect, it } from 'vitest';
import { ALIKE_COLOURS_REACH, alikeColours } from '#src/pixels/index.js';
import { createRandom } from '#src/random.js';

const [width, height] = [41, 29];
const area = width * height;
const size = { channels: 3, width, height };

/** Two flat halves of different colours, equally bright, with noise of a deviation of 0.01. */
function halves(channels = 3): Float32Array {
  const random = createRandom(5);
  const colours = [
    [0.4, 0.62],
    [0.5, 0.4],
    [0.6, 0.5],
  ];
  return Float32Array.from({ length: channels * area }, (_, i) => {
    const [left = 0, right = 0] = colours[Math.floor(i / area)] ?? [];
    return (i % width < 20 ? left : right) + 0.01 * random.normal();
  });
}

/** The same by its definition, in double precision. */
function plainMeans(map: Float32Array, channels: number, distance: number): Float64Array {
  const counts = new Float64Array(area).fill(1);
  const sums = Float64Array.from(map);
  const at = (i: number): number => map[i] ?? 0;
  const planes = Array.from({ length: channels }, (_, plane) => plane * area);
  for (let down = 0; down <= 3; down++)
    for (let across = down === 0 ? 1 : -3; across <= 3; across++)
      for (let y = 1; y < height - down - 1; y++)
        for (let x = Math.max(0, -across) + 1; x < Math.min(width, width - across) - 1; x++) {
          const i = y * width + x;
          const j = i + down * width + across;
          let sum = 0;
          for (const plane of planes)
            for (let dy = -1; dy <= 1; dy++)
              for (let dx = -1; dx <= 1; dx++)
                sum += (at(plane + i + dy * width + dx) - at(plane + j + dy * width + dx)) ** 2;
          const weight = Math.max(0, 1 - sum / (9 * channels * distance ** 2) / 8) ** 8;
          for (const [own, other] of [
            [i, j],
            [j, i],
          ] as const) {
            counts[own] = (counts[own] ?? 0) + weight;
            for (const plane of planes)
              sums[plane + own] = (sums[plane + own] ?? 0) + weight * at(plane + other);
          }
        }
  return sums.map((sum, i) => sum / (counts[i % area] ?? 1));
}

describe('alikeColours', () => {
  it.each([1, 3])('is what its definition says, with %i channels', (channels) => {
    const map = halves(channels);
    const means = alikeColours(map, { ...size, channels }, 0.02);
    const expected = plainMeans(map, channels, 0.02);
    for (const [i, mean] of means.entries()) expect(Math.abs(mean - (expected[i] ?? 0))).toBeLessThan(2e-6);
  });

  it('averages what is random, and nothing across an edge between colours', () => {
    const means = alikeColours(halves(), size, 0.03);
    let [squares, count] = [0, 0];
    for (let y = ALIKE_COLOURS_REACH; y < height - ALIKE_COLOURS_REACH; y++)
      for (let x = ALIKE_COLOURS_REACH; x < width - ALIKE_COLOURS_REACH; x++, count++)
        squares += ((means[y * width + x] ?? 0) - (x < 20 ? 0.4 : 0.62)) ** 2;
    expect(Math.sqrt(squares / count)).toBeLessThan(0.005);
  });

  it('keeps pictures that are too small to compare', () => {
    const small = Float32Array.of(0.1, 0.9, 0.5);
    expect(alikeColours(small, { channels: 3, width: 1, height: 1 }, 1)).toEqual(small);
  });

  it('gives the same after a larger picture', () => {
    const before = alikeColours(halves(), size, 0.02);
    alikeColours(
      new Float32Array(3 * 300 * 300).fill(Number.NaN),
      { channels: 3, width: 300, height: 300 },
      1,
    );
    expect(alikeColours(halves(), size, 0.02)).toEqual(before);
  });
});
