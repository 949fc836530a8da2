import { describe, expect, test } from 'vitest';
import { keepDetail } from '#src/denoise/index.js';
import { createRandom } from '#src/random.js';

const width = 96;
const height = 80;
const planes = { channels: 1, width, height };

/** A ramp from left to right, with stripes of one pixel in its lower half that a blind-spot network would smooth away. */
function scene(stripes: boolean): Float32Array {
  return Float32Array.from({ length: width * height }, (_, i) => {
    const x = i % width;
    const detail = stripes && i >= (width * height) / 2 ? 0.2 * (x % 2 === 0 ? 1 : -1) : 0;
    return 0.3 + (0.4 * x) / width + detail;
  });
}

function withNoise(clean: Float32Array, deviation: number): Float32Array {
  const random = createRandom(3);
  return clean.map((value) => value + deviation * random.normal());
}

/** Root mean square difference over some rows. */
function error(a: Float32Array, b: Float32Array, from: number, to: number): number {
  let sum = 0;
  let count = 0;
  for (const [i, value] of a.entries()) {
    if (i < from * width || i >= to * width) continue;
    sum += (value - (b[i] ?? 0)) ** 2;
    count += 1;
  }
  return Math.sqrt(sum / count);
}

describe('keepDetail', () => {
  test('brings back stripes that the network lost, and leaves smooth parts denoised', () => {
    const clean = scene(true);
    const noisy = withNoise(clean, 0.03);
    const smooth = scene(false);
    const kept = keepDetail(noisy, smooth, planes);
    expect(error(smooth, clean, 46, 80)).toBeGreaterThan(0.19);
    expect(error(kept, clean, 46, 80)).toBeLessThan(0.04);
    expect(error(kept, clean, 0, 34)).toBeLessThan(0.01);
  });

  test('leaves a picture that is already right as it is', () => {
    const clean = scene(true);
    expect(error(keepDetail(clean, clean, planes), clean, 0, height)).toBeLessThan(1e-6);
  });

  test('gives all channels the same weight, so that no colour appears', () => {
    const grey = scene(true);
    const noisy = withNoise(grey, 0.03);
    const three = (x: Float32Array): Float32Array => Float32Array.from([...x, ...x, ...x]);
    const kept = keepDetail(three(noisy), three(scene(false)), { channels: 3, width, height });
    const pixels = width * height;
    for (let i = 0; i < pixels; i++) expect(kept[i]).toBe(kept[pixels + i]);
  });

  test.each([
    [1, 1],
    [7, 3],
    [3, 40],
  ])('takes a picture of %i × %i', (w, h) => {
    const picture = new Float32Array(3 * w * h).fill(0.5);
    const kept = keepDetail(picture, picture, { channels: 3, width: w, height: h });
    expect([...kept]).toEqual([...picture]);
  });
});
