import { describe, expect, test } from 'vitest';
import { bicubicResize } from '#src/pixels/index.js';
import { createRandom } from '#src/random.js';
import { giveBack } from '#src/upscale/index.js';

/** Values around the middle, of which nothing is clamped. */
function plane(width: number, height: number, seed: number): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length: width * height }, () => 0.4 + 0.2 * random.uniform());
}

const rms = (a: Float32Array, b: Float32Array): number =>
  Math.sqrt(a.reduce((sum, value, i) => sum + (value - (b[i] ?? Number.NaN)) ** 2, 0) / a.length);

describe('what is given back', () => {
  // The wide one is done in several strips.
  test.each([
    [23, 17, 4],
    [13, 40, 2],
    [9, 4, 3],
    [1, 1, 4],
    [2100, 40, 4],
  ])('is that of iterated back-projection on the whole: %i × %i by %i', (width, height, scale) => {
    const small = { channels: 1, width, height };
    const large = { channels: 1, width: width * scale, height: height * scale };
    const picture = plane(width, height, 1);
    for (const steps of [1, 3]) {
      const result = plane(large.width, large.height, 2);
      const expected = Float32Array.from(result);
      for (let step = 0; step < steps; step++) {
        const again = bicubicResize(expected, large, small);
        const missing = picture.map((value, i) => value - (again[i] ?? Number.NaN));
        for (const [i, value] of bicubicResize(missing, small, large).entries())
          expected[i] = (expected[i] ?? 0) + value;
      }
      giveBack(result, picture, { width, height, scale }, { share: 1, steps });
      expect(rms(result, expected)).toBeLessThan(1e-6);
    }
  });

  test('makes the result the picture again when it is made small; the more, the more is given', () => {
    const [width, height, scale] = [40, 30, 4];
    const picture = plane(width, height, 3);
    const away = (share: number, steps: number): number => {
      const result = plane(width * scale, height * scale, 4);
      giveBack(result, picture, { width, height, scale }, { share, steps });
      const large = { channels: 1, width: width * scale, height: height * scale };
      return rms(bicubicResize(result, large, { width, height }), picture);
    };
    const softly = [0, 0.25, 0.5, 0.75, 1].map((share) => away(share, 1));
    expect(softly).toEqual([...softly].sort((a, b) => b - a));
    expect(new Set(softly).size).toBe(5);
    const times = [1, 2, 5, 20].map((steps) => away(1, steps));
    expect(times).toEqual([...times].sort((a, b) => b - a));
    expect(times[3]).toBeLessThan(0.001);
  });

  test('stays between black and white', () => {
    const result = new Float32Array(16 * 16).fill(1);
    giveBack(result, new Float32Array(16).fill(0), { width: 4, height: 4, scale: 4 }, { share: 1, steps: 5 });
    expect(Math.min(...result)).toBe(0);
    const white = new Float32Array(16 * 16).fill(0);
    giveBack(white, new Float32Array(16).fill(1), { width: 4, height: 4, scale: 4 }, { share: 1, steps: 5 });
    expect(Math.max(...white)).toBe(1);
  });
});
