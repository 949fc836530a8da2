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

/** The same by its definition, in double precision; there is little contrast but at the edge, which is left out. */
function plainMeans(map: Float32Array, channels: number, distance: number): Float64Array {
  const mirror = (i: number, length: number): number => (i < 0 ? -i : i >= length ? 2 * length - 2 - i : i);
  const at = (plane: number, y: number, x: number): number =>
    map[(plane * height + mirror(y, height)) * width + mirror(x, width)] ?? 0;
  const planes = Array.from({ length: channels }, (_, plane) => plane);
  return Float64Array.from(map, (value, i) => {
    const [plane, y, x] = [Math.floor(i / area), Math.floor(i / width) % height, i % width];
    let [count, sum] = [1, value];
    for (let down = -3; down <= 3; down++)
      for (let across = -3; across <= 3; across++) {
        const [otherY, otherX] = [y + down, x + across];
        const inside = otherY >= 0 && otherY < height && otherX >= 0 && otherX < width;
        if (!inside || (down === 0 && across === 0)) continue;
        let squares = 0;
        for (const p of planes)
          for (let dy = -1; dy <= 1; dy++)
            for (let dx = -1; dx <= 1; dx++)
              squares += (at(p, y + dy, x + dx) - at(p, otherY + dy, otherX + dx)) ** 2;
        const weight = Math.max(0, 1 - squares / (9 * channels * distance ** 2) / 8) ** 8;
        count += weight;
        sum += weight * at(plane, otherY, otherX);
      }
    return value + 0.75 * (sum / count - value);
  });
}

describe('alikeColours', () => {
  it.each([1, 3])('is what its definition says, with %i channels', (channels) => {
    const map = halves(channels);
    const means = alikeColours(map, { ...size, channels }, 0.02);
    const expected = plainMeans(map, channels, 0.02);
    for (const [i, mean] of means.entries())
      if (Math.abs((i % width) - 19.5) > 6) expect(Math.abs(mean - (expected[i] ?? 0))).toBeLessThan(2e-6);
  });

  it('averages what is random, and nothing across an edge between colours', () => {
    const means = alikeColours(halves(), size, 0.03);
    let [squares, count] = [0, 0];
    for (let y = ALIKE_COLOURS_REACH; y < height - ALIKE_COLOURS_REACH; y++)
      for (let x = ALIKE_COLOURS_REACH; x < width - ALIKE_COLOURS_REACH; x++, count++)
        squares += ((means[y * width + x] ?? 0) - (x < 20 ? 0.4 : 0.62)) ** 2;
    expect(Math.sqrt(squares / count)).toBeLessThan(0.005);
  });

  it('keeps thin lines and points that stand out, and takes what is no stronger than noise', () => {
    const drawn = (contrast: number, line: boolean): number => {
      const flat = new Float32Array(3 * area).fill(0.4);
      const isOn = (i: number): boolean => {
        const [x, y] = [i % width, Math.floor(i / width) % height];
        return line ? Math.floor(x / 2) === y : x === 20 && y === 10;
      };
      const picture = flat.map((value, i) => value + (isOn(i) ? contrast / 255 : 0));
      const made = alikeColours(picture, size, 4.8 / 255);
      return (((made[10 * width + 20] ?? 0) - 0.4) * 255) / contrast;
    };
    expect(drawn(20, true)).toBeGreaterThan(0.85);
    expect(drawn(40, true)).toBeGreaterThan(0.85);
    expect(drawn(80, true)).toBeGreaterThan(0.95);
    expect(drawn(40, false)).toBeGreaterThan(0.9);
    expect(drawn(80, false)).toBeGreaterThan(0.95);
    // What is no stronger than noise of 3 goes, for the most part.
    expect(drawn(6, false)).toBeLessThan(0.4);
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
