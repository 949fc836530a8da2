import { describe, expect, test } from 'vitest';
import { calmGrain, type NoiseMeasurement } from '#src/denoise/index.js';
import { createRandom } from '#src/random.js';
import { type Drawn, drawn } from './measure-noise/drawn-pictures.js';

/** A wall of two brightnesses, taller than the rows that are worked on at once. */
const wall = drawn(120, 150, (x, _, c) => (x < 60 ? 0.35 : 0.6) + 0.02 * c);

const noise = (luma: number, evidence = 1): NoiseMeasurement => ({
  levels: [{ brightness: 0.5, luma: new Array(4).fill(luma), chroma: new Array(4).fill(0), evidence }],
  ...{ luma, chroma: 0, fineness: 0.4, chromaFineness: 0, evidence },
});

/** Grain of two pixels that all channels share. */
function withGrain(picture: Drawn, size: number): Drawn {
  const { width, height } = picture;
  const random = createRandom(4);
  const columns = Math.ceil(width / 2);
  const grains = Float32Array.from({ length: columns * Math.ceil(height / 2) }, () => size * random.normal());
  const data = picture.data.map((value, i) => {
    const at = i % (width * height);
    return value + (grains[(Math.floor(at / width) >> 1) * columns + ((at % width) >> 1)] ?? 0);
  });
  return { ...picture, data };
}

const error = (a: Float32Array, b: Float32Array): number =>
  255 * Math.sqrt(a.reduce((sum, value, i) => sum + (value - (b[i] ?? 0)) ** 2, 0) / a.length);

const calmed = (picture: Drawn, measured: NoiseMeasurement): Float32Array => {
  const data = picture.data.slice();
  calmGrain(data, picture, measured);
  return data;
};

describe('calmGrain', () => {
  test('takes grain away that a network has left, not edges and not colours', () => {
    const picture = withGrain(wall, 0.005);
    const calm = calmed(picture, noise(0.01));
    expect(error(calm, wall.data)).toBeLessThan(0.65 * error(picture.data, wall.data));
    const area = wall.width * wall.height;
    for (let at = 0; at < area; at += 11) {
      const colour = (data: Float32Array): number => (data[2 * area + at] ?? 0) - (data[at] ?? 0);
      expect(colour(calm)).toBeCloseTo(colour(picture.data), 5);
    }
    for (const x of [58, 61]) expect(calm[75 * 120 + x]).toBeCloseTo(wall.data[75 * 120 + x] ?? 0, 1);
  });

  test('is the same whether rows are worked on in strips or not', () => {
    const tall = withGrain(
      drawn(40, 150, () => 0.5),
      0.005,
    );
    const short = { ...tall, height: 60, data: new Float32Array(3 * 40 * 60) };
    for (let c = 0; c < 3; c++)
      short.data.set(tall.data.subarray(c * 6000 + 40 * 40, c * 6000 + 40 * 100), c * 2400);
    // Of one brightness throughout: one floor, nearly the same for both.
    const [a, b] = [calmed(tall, noise(0.002)), calmed(short, noise(0.002))];
    for (let y = 10; y < 50; y++)
      for (let x = 0; x < 40; x++) expect(b[y * 40 + x]).toBeCloseTo(a[(y + 40) * 40 + x] ?? 0, 6);
  });

  test('texture that varies more than grain keeps nine tenths of it', () => {
    const texture = withGrain(wall, 0.04);
    expect(error(calmed(texture, noise(0.05)), texture.data)).toBeLessThan(
      0.1 * error(texture.data, wall.data),
    );
  });

  test('velvet, whose calmest places vary as well, stays as it is', () => {
    const velvet = withGrain(wall, 0.02);
    expect(error(calmed(velvet, noise(0.02)), velvet.data)).toBeLessThan(
      0.05 * error(velvet.data, wall.data),
    );
  });

  test('without noise, or evidence of it, or colours, nothing changes', () => {
    const picture = withGrain(wall, 0.005);
    for (const none of [noise(0), noise(0.01, 0)]) expect(calmed(picture, none)).toEqual(picture.data);
    const grey = picture.data.slice(0, 120 * 150);
    calmGrain(grey, { channels: 1, width: 120, height: 150 }, noise(0.01));
    expect(grey).toEqual(picture.data.slice(0, 120 * 150));
  });

  test.each([
    [1, 1],
    [3, 2],
    [4, 70],
  ])('pictures of %i × %i keep their values finite', (width, height) => {
    const small = drawn(width, height, (x, y, c) => ((x + y + c) % 8) / 8);
    expect(calmed(small, noise(0.06)).every((value) => Number.isFinite(value))).toBe(true);
  });
});
