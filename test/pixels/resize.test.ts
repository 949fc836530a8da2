import { describe, expect, it } from 'vitest';
import { type ResizeMode, resize, resizeBy } from '#src/pixels/index.js';
import { drawPlanes, flat } from '../upscale/drawing.js';

const counting = (width: number, height: number) => ({
  ...flat(0, width, height, 1),
  data: Float32Array.from({ length: width * height }, (_, i) => i + 1),
});

function expectNear(actual: Float32Array, expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((value, i) => {
    expect(actual[i]).toBeCloseTo(value, 4);
  });
}

// The numbers are the examples of the ONNX specification's operator Resize (half_pixel).
describe('resizing', () => {
  it('bicubic, up', () => {
    const { data } = resizeBy(counting(4, 4), 2, 'bicubic');
    expectNear(
      data.subarray(0, 8),
      [0.47265625, 0.76953125, 1.24609375, 1.875, 2.28125, 2.91015625, 3.38671875, 3.68359375],
    );
  });

  it('bicubic, down by a factor that leaves a rest', () => {
    const small = resizeBy(counting(4, 4), 0.8, 'bicubic');
    expect([small.width, small.height]).toEqual([3, 3]);
    expectNear(
      Float32Array.from(small.data),
      [
        1.47119141, 2.78125, 4.08251953, 6.71142578, 8.02148438, 9.32275391, 11.91650391, 13.2265625,
        14.52783203,
      ],
    );
  });

  it('bilinear, up and down', () => {
    const up = resizeBy(counting(2, 2), 2, 'bilinear');
    expectNear(up.data.subarray(0, 8), [1, 1.25, 1.75, 2, 1.5, 1.75, 2.25, 2.5]);
    expectNear(resizeBy(counting(4, 2), 0.6, 'bilinear').data, [2.6666665, 4.3333331]);
  });

  it('area: the mean of what is covered', () => {
    expectNear(resize(counting(4, 2), { width: 2, height: 1 }, 'area').data, [3.5, 5.5]);
    // 5 → 3: samples 0–1, 1–3 and 3–4.
    expectNear(resize(counting(5, 1), { width: 3, height: 1 }, 'area').data, [1.5, 3, 4.5]);
    expectNear(resize(counting(2, 1), { width: 4, height: 1 }, 'area').data, [1, 1, 2, 2]);
  });

  it.each<ResizeMode>(['area', 'bilinear', 'bicubic'])('%s keeps flat pictures and sizes', (mode) => {
    const { width, height, data } = resize(flat(0.25, 9, 7), { width: 5, height: 12 }, mode);
    expect([width, height]).toEqual([5, 12]);
    expect(data.every((value) => Math.abs(value - 0.25) < 1e-6)).toBe(true);
    expect(resizeBy(flat(0.25, 2, 3), 0.15, mode)).toMatchObject({ width: 1, height: 1 });
    const planes = drawPlanes(9, 7);
    expect(resize(planes, { width: 9, height: 7 }, mode)).toEqual(planes);
  });
});
