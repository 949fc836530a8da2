import { describe, expect, it } from 'vitest';
import { alikeDistance } from '#src/denoise/restrain/alike-distance.js';
import { alikeRows } from '#src/denoise/restrain/alike-rows.js';
import { restrain } from '#src/denoise/restrain/restrain.js';
import { alikeColours } from '#src/pixels/index.js';
import { createRandom } from '#src/random.js';

/** An edge that is slanted, with noise. */
function edge({ channels, width, height }: { channels: number; width: number; height: number }) {
  const random = createRandom(3);
  return Float32Array.from({ length: channels * width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width) % height];
    return (x + 0.3 * y < 30 ? 0.3 : 0.7) + 0.01 * random.normal();
  });
}

describe('rows that are alike', () => {
  it.each([1, 3, 131, 132, 133, 300])(
    'come in order, as if the picture of %i rows were one strip',
    (height) => {
      const size = { channels: 3, width: 60, height };
      const picture = edge(size);
      const whole = alikeColours(picture, size, 0.02);
      const taken = new Float32Array(picture.length);
      const order: number[] = [];
      const give = alikeRows(size, 0.02, (y, rows) => {
        order.push(y);
        for (const [channel, row] of rows.entries()) taken.set(row, (channel * height + y) * size.width);
      });
      // Their rows are written over, as those of a restraint are.
      const rows = [0, 1, 2].map(() => new Float32Array(size.width));
      for (let y = 0; y < height; y++) {
        for (const [channel, row] of rows.entries()) {
          const first = (channel * height + y) * size.width;
          row.set(picture.subarray(first, first + size.width));
        }
        give(y, rows);
      }
      expect(order).toEqual(Array.from({ length: height }, (_, y) => y));
      // Sums are made in another order where strips meet.
      for (const [i, value] of taken.entries()) expect(Math.abs(value - (whole[i] ?? 0))).toBeLessThan(1e-6);
    },
  );
});

describe('a restraint', () => {
  const size = { channels: 3, width: 60, height: 150 };
  const noisy = edge(size);
  const held = (alike: number, mask?: Float32Array): Float32Array => {
    const result = noisy.slice();
    restrain(noisy, result, size, { luma: 1, chroma: 1, alike, ...(mask && { mask }) });
    return result;
  };
  const unrest = (picture: Float32Array): number => {
    let sum = 0;
    for (let y = 10; y < 140; y++)
      for (let x = 40; x < 55; x++) sum += ((picture[y * 60 + x] ?? 0) - 0.7) ** 2;
    return sum;
  };

  it('takes away what a network left, where the places around are alike', () => {
    expect(held(0)).toEqual(noisy);
    expect(unrest(held(0.02))).toBeLessThan(0.2 * unrest(noisy));
    // Not across the edge.
    expect(Math.abs((held(0.02)[75 * 60 + 4] ?? 0) - 0.3)).toBeLessThan(0.02);
  });

  it('leaves it where a mask says so', () => {
    expect(held(0.02, new Float32Array(60 * 150))).toEqual(noisy);
  });
});

it('the distance grows with weak noise, is nothing without evidence, and nothing where nap passes for noise', () => {
  const of = (luma: number, evidence = 1): number =>
    255 * alikeDistance({ luma: luma / 255, chroma: 0, evidence, levels: [] } as never);
  expect(of(0)).toBe(0);
  expect(of(1)).toBeCloseTo(1.8);
  expect(of(2)).toBeCloseTo(3.6);
  expect(of(3)).toBeCloseTo(4.8);
  expect(of(4.5)).toBe(0);
  expect(of(9)).toBeCloseTo(5.5);
  expect(of(20)).toBeCloseTo(8);
  expect(of(3, 0.4)).toBe(0);
  expect(of(3, 0.5)).toBeCloseTo(2.4);
  expect(of(2, 0.25)).toBeCloseTo(1.8);
  expect(of(2, 0)).toBe(0);
});
