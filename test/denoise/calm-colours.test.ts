import { describe, expect, test } from 'vitest';
import { calmColours, measureNoise, type NoiseMeasurement } from '#src/denoise/index.js';
import { createRandom } from '#src/random.js';
import { type Drawn, drawn } from './measure-noise/drawn-pictures.js';

/** A wall of two brightnesses and colours. */
const wall = drawn(256, 192, (x, _, c) => (x < 128 ? 0.35 : 0.6) + 0.04 * c * (x < 128 ? 1 : -1));

/** Noise of these deviations, as a picture has it that is measured. */
const noise = (chroma: number, luma = 0.05): NoiseMeasurement => ({
  levels: [
    { brightness: 0.5, luma: new Array(4).fill(luma), chroma: new Array(4).fill(chroma), evidence: 1 },
  ],
  ...{ luma, chroma, fineness: 1, chromaFineness: 1, evidence: 1 },
});

/** Red and blue blotches of some 16 pixels that leave the brightness alone. */
function withBlotches(picture: Drawn, size: number): Drawn {
  const random = createRandom(5);
  const phase = Array.from({ length: 4 }, () => 6 * random.uniform());
  return {
    ...picture,
    data: picture.data.map((value, i) => {
      const [at, channel] = [
        i % (picture.width * picture.height),
        Math.floor(i / (picture.width * picture.height)),
      ];
      const [x, y] = [at % picture.width, Math.floor(at / picture.width)];
      const red = size * Math.sin(x / 2.5 + (phase[0] ?? 0)) * Math.cos(y / 2.7 + (phase[1] ?? 0));
      const blue = size * Math.sin(x / 2.9 + (phase[2] ?? 0)) * Math.cos(y / 2.3 + (phase[3] ?? 0));
      return value + ([red, (-0.299 * red - 0.114 * blue) / 0.587, blue][channel] ?? 0);
    }),
  };
}

const error = (a: Float32Array, b: Float32Array): number =>
  255 * Math.sqrt(a.reduce((sum, value, i) => sum + (value - (b[i] ?? 0)) ** 2, 0) / a.length);

const luma = ({ data, width, height }: Drawn, at: number): number =>
  0.299 * (data[at] ?? 0) +
  0.587 * (data[width * height + at] ?? 0) +
  0.114 * (data[2 * width * height + at] ?? 0);

describe('calmColours', () => {
  test('takes blotches of colour away that noise has left, without touching edges and brightness', () => {
    const picture = withBlotches(wall, 0.02);
    const before = error(picture.data, wall.data);
    const calm = { ...picture, data: picture.data.slice() };
    calmColours(calm.data, calm, noise(0.06));
    expect(before).toBeGreaterThan(2);
    expect(error(calm.data, wall.data)).toBeLessThan(0.4 * before);
    for (let at = 0; at < 256 * 192; at += 7) expect(luma(calm, at)).toBeCloseTo(luma(picture, at), 5);
  });

  test('takes blotches away that are too coarse to be measured, where there is noise of brightness', () => {
    const picture = withBlotches(wall, 0.006);
    const calm = { ...picture, data: picture.data.slice() };
    calmColours(calm.data, calm, noise(0, 0.01));
    expect(error(calm.data, wall.data)).toBeLessThan(0.5 * error(picture.data, wall.data));
  });

  test('leaves colours that are more than noise leaves where they are', () => {
    const picture = withBlotches(wall, 0.1);
    const calm = picture.data.slice();
    calmColours(calm, picture, noise(0.03));
    expect(error(calm, picture.data)).toBeLessThan(0.1);
  });

  test('leaves thin lines and dots of colour, of the same brightness, where they are', () => {
    const signs = drawn(256, 192, (x, y, c) => {
      const line = x === 60 || (x >= 150 && x < 154 && y >= 90 && y < 94);
      return 0.5 + (line ? ([0.2, -0.12, 0.08][c] ?? 0) : 0);
    });
    for (const chroma of [0.03, 0.06]) {
      const calm = signs.data.slice();
      calmColours(calm, signs, noise(chroma));
      expect(error(calm, signs.data)).toBeLessThan(0.6);
      for (const at of [50 * 256 + 60, 91 * 256 + 151])
        expect(255 * Math.abs((calm[at] ?? 0) - (signs.data[at] ?? 0))).toBeLessThan(1.5);
    }
  });

  test('without noise, or evidence of it, or colours, nothing changes', () => {
    const picture = withBlotches(wall, 0.02);
    for (const none of [noise(0, 0), { ...noise(0.06), evidence: 0 }, measureNoise(wall)]) {
      const calm = picture.data.slice();
      calmColours(calm, picture, none);
      expect(calm).toEqual(picture.data);
    }
    const grey = picture.data.slice(0, 256 * 192);
    calmColours(grey, { channels: 1, width: 256, height: 192 }, noise(0.06));
    expect(grey).toEqual(picture.data.slice(0, 256 * 192));
  });

  test('pictures smaller than a cell keep their values within range', () => {
    const small = drawn(3, 2, (x, y, c) => (x + y + c) / 8);
    const calm = small.data.slice();
    calmColours(calm, small, noise(0.06));
    expect(calm.every((value) => Number.isFinite(value))).toBe(true);
  });
});
