import { expect, test } from 'vitest';
import { repeatingPart } from '#src/compile/repeating-pattern.js';
import type { TensorValue } from '#src/tensor/index.js';

function planes(
  height: number,
  width: number,
  rule: (y: number, x: number, plane: number) => number,
  lead: readonly number[] = [1, 1],
): TensorValue {
  const count = lead.reduce((product, e) => product * e, 1);
  const data = Float32Array.from({ length: count * height * width }, (_, i) =>
    rule(Math.floor(i / width) % height, i % width, Math.floor(i / (width * height))),
  );
  return { data, shape: [...lead, height, width], dtype: 'float32' };
}

test('a checkerboard is its corner of two by two', () => {
  const board = (y: number, x: number) => (x + y) % 2;
  expect(repeatingPart([planes(6, 9, board), planes(7, 4, board)])).toEqual({
    data: Float32Array.of(0, 1, 1, 0),
    shape: [1, 1, 2, 2],
    dtype: 'float32',
  });
});

test('the period along height and width may differ, and every plane may have a pattern of its own', () => {
  const rule = (y: number, x: number, plane: number) => (y % 3) + 10 * (x % 4) + 100 * plane;
  expect(repeatingPart([planes(9, 12, rule, [2, 1]), planes(7, 8, rule, [2, 1])])?.shape).toEqual([
    2, 1, 3, 4,
  ]);
});

test('one value everywhere is one pixel', () => {
  expect(repeatingPart([planes(4, 4, () => 7)])?.data).toEqual(Float32Array.of(7));
});

test('what does not repeat, or repeats otherwise for another size, is no pattern', () => {
  expect(repeatingPart([planes(6, 6, (y, x) => y * 6 + x)])).toBeUndefined();
  expect(repeatingPart([planes(6, 6, (y) => y % 2), planes(6, 6, (y) => y % 3)])).toBeUndefined();
  expect(repeatingPart([planes(6, 6, (y) => y % 2), planes(6, 6, (y) => (y + 1) % 2)])).toBeUndefined();
  expect(repeatingPart([planes(6, 6, (y, x) => (y === 5 && x === 5 ? 9 : y % 2))])).toBeUndefined();
});
