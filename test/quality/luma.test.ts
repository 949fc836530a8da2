import { expect, test } from 'vitest';
import { lumaOf } from '#src/quality/index.js';
import { pattern, refusal } from './pictures.js';

const flat = (channels: number, values: readonly number[]) => ({
  ...{ channels, width: 2, height: 2 },
  data: Float32Array.from({ length: channels * 4 }, (_, i) => values[Math.floor(i / 4)] ?? 0),
});

test('black is 16, white 235, and red, green and blue count as BT.601 says', () => {
  const luma = (values: readonly number[]): number => (lumaOf(flat(3, values)).data[0] ?? 0) * 255;
  expect(luma([0, 0, 0])).toBeCloseTo(16, 4);
  expect(luma([1, 1, 1])).toBeCloseTo(235, 4);
  expect(luma([1, 0, 0])).toBeCloseTo(81, 4);
  expect(luma([0, 1, 0])).toBeCloseTo(145, 4);
  expect(luma([0, 0, 1])).toBeCloseTo(41, 4);
});

test('grey stays as it is, in 8 bits', () => {
  expect([...lumaOf(flat(1, [0.401])).data]).toEqual(Array(4).fill(Math.fround(102 / 255)));
});

test('the border is left out', () => {
  const whole = lumaOf(pattern(9, 8));
  const inner = lumaOf(pattern(9, 8), 2);
  expect([inner.channels, inner.width, inner.height]).toEqual([1, whole.width - 4, whole.height - 4]);
  expect(inner.data[0]).toBe(whole.data[2 * whole.width + 2]);
  expect(inner.data.at(-1)).toBe(whole.data[(whole.height - 3) * whole.width + whole.width - 3]);
});

test('a border that leaves nothing is refused', async () => {
  expect(await refusal(() => lumaOf(flat(3, [0, 0, 0]), 1))).toContain('2×2 pixels has nothing left');
});
