import { describe, expect, test } from 'vitest';
import { restrain, toneBiases } from '#src/denoise/index.js';
import { createRandom } from '#src/random.js';
import { type Drawn, drawn, withNoise } from './measure-noise/drawn-pictures.js';

const GAMMA = 2.2;

/** Slow waves, far from black and white. */
const clean = drawn(384, 384, (x, y, c) => 0.5 + 0.2 * Math.sin(x / 61 + c) * Math.cos(y / 53));

/** With noise in front of the tone curve. */
function inLight(picture: Drawn, deviation: number): Drawn {
  const random = createRandom(3);
  const data = picture.data.map((value) => {
    const light = value ** GAMMA + deviation * random.normal();
    return Math.max(0, light) ** (1 / GAMMA);
  });
  return { ...picture, data };
}

/** How far the means of cells of 32² are off on the whole, of 255. */
function off(data: Float32Array, { width, height }: Drawn): number {
  let [sum, count] = [0, 0];
  for (let top = 0; top < 3 * height; top += 32)
    for (let left = 0; left < width; left += 32) {
      let mean = 0;
      for (let i = 0; i < 1024; i++) {
        const at = (top + (i >> 5)) * width + left + (i & 31);
        mean += (data[at] ?? 0) - (clean.data[at] ?? 0);
      }
      sum += (mean / 1024) ** 2;
      count += 1;
    }
  return 255 * Math.sqrt(sum / count);
}

const noiseOf = (noisy: Drawn) => {
  const variance = noisy.data.reduce((sum, value, i) => sum + (value - (clean.data[i] ?? 0)) ** 2, 0);
  return [0, 1, 2].map(() => () => variance / noisy.data.length);
};

describe('noise in front of a tone curve', () => {
  const noisy = inLight(clean, 0.045);
  const variances = noiseOf(noisy);

  test('has a mean that is darker, by what its skewness tells', () => {
    const [bias] = toneBiases(noisy.data, clean.data, noisy, variances);
    const near = (level: number): number => {
      let [sum, count] = [0, 0];
      for (let i = 0; i < clean.data.length / 3; i++) {
        if (Math.abs((clean.data[i] ?? 0) - level) > 0.02) continue;
        sum += (noisy.data[i] ?? 0) - (clean.data[i] ?? 0);
        count += 1;
      }
      return sum / count;
    };
    for (const level of [0.4, 0.5, 0.6]) {
      expect(255 * near(level)).toBeLessThan(-0.4);
      expect(Math.abs((bias?.(level) ?? 0) - near(level))).toBeLessThan(0.35 * Math.abs(near(level)));
    }
    expect(bias?.(0.35) ?? 0).toBeLessThan(1.5 * (bias?.(0.6) ?? 0));
  });

  test('is undone, even of an answer that keeps it', () => {
    const strong = inLight(clean, 0.09);
    const strongVariances = noiseOf(strong);
    // The mean of what is noisy: what a network gives that learnt from noisy pictures alone.
    const kept = clean.data.map((value, i) => {
      const [column, row] = [i % 384, Math.floor(i / 384)];
      let sum = 0;
      for (let k = 0; k < 81; k++) {
        const x = Math.min(383, Math.max(0, column + (k % 9) - 4));
        const y = Math.min(383, Math.max(0, (row % 384) + Math.floor(k / 9) - 4));
        sum += (strong.data[(row - (row % 384) + y) * 384 + x] ?? 0) / 81;
      }
      return Number.isFinite(value) ? sum : 0;
    });
    expect(off(kept, clean)).toBeGreaterThan(3);
    const biases = toneBiases(strong.data, kept, strong, strongVariances);
    const held = kept.slice();
    restrain(strong.data, held, strong, { luma: 1, chroma: 1, variances: strongVariances, biases });
    expect(off(held, clean)).toBeLessThan(0.6 * off(kept, clean));
  });

  test('behind the curve it moves nothing', () => {
    const white = withNoise(clean, () => 25 / 255);
    for (const bias of toneBiases(white.data, clean.data, white, noiseOf(white)))
      expect(255 * Math.abs(bias(0.5))).toBeLessThan(0.2);
  });

  test('cut off at white is not taken for a tone curve', () => {
    for (const [paper, deviation] of [
      [0.9, 15],
      [0.93, 15],
      [0.88, 20],
    ] as const) {
      const page = drawn(384, 384, (_, y) => (y < 300 ? paper : 0.06));
      const noisy = withNoise(page, () => deviation / 255);
      const variances = [0, 1, 2].map(() => () => (deviation / 255) ** 2);
      for (const bias of toneBiases(noisy.data, page.data, noisy, variances))
        for (const level of [0.03, 0.06, 0.5, 0.93]) expect(255 * Math.abs(bias(level))).toBeLessThan(0.1);
    }
  });

  test('the deepest shadows, where half of the noise is cut off, are not lifted', () => {
    const random = createRandom(8);
    const dark = drawn(384, 384, (x, _, c) => (x < 192 ? 0.08 : 0.4) - 0.02 * c);
    const noisy: Drawn = {
      ...dark,
      data: dark.data.map(
        (value) =>
          Math.max(0, value ** GAMMA + 0.05 * Math.sqrt(0.2 + value) * random.normal()) ** (1 / GAMMA),
      ),
    };
    const variances = [0, 1, 2].map(() => () => 0.09 ** 2);
    const biases = toneBiases(noisy.data, dark.data, noisy, variances);
    const held = dark.data.slice();
    restrain(noisy.data, held, noisy, { luma: 1, chroma: 1, variances, biases });
    for (let c = 0; c < 3; c++) {
      let [answer, given] = [0, 0];
      for (let y = 40; y < 340; y++)
        for (let x = 40; x < 150; x++) {
          answer += (held[(c * 384 + y) * 384 + x] ?? 0) / (300 * 110);
          given += (noisy.data[(c * 384 + y) * 384 + x] ?? 0) / (300 * 110);
        }
      // What is cut off has made the place brighter; no lighter than that it may become.
      expect(given).toBeGreaterThan(0.08 - 0.02 * c);
      expect(answer).toBeLessThan(given);
    }
  });

  test('a picture without noise, or of one pixel, has none', () => {
    const none = [0, 1, 2].map(() => () => 1e-8);
    for (const bias of toneBiases(clean.data, clean.data, clean, none)) expect(bias(0.3)).toBe(0);
    const one = drawn(1, 1, () => 0.4);
    for (const bias of toneBiases(one.data, one.data, one, none)) expect(bias(0.3)).toBe(0);
  });
});
