import { expect, test } from 'vitest';
import { type Picture, sameWhenStored } from '#src/pixels/index.js';

const picture = (values: readonly number[], bitDepth: 8 | 16): Picture => ({
  ...{ channels: 1, width: values.length, height: 1, data: Float32Array.from(values) },
  ...{ bitDepth, format: 'png', metadata: {} },
});

test.each([
  [8, 0.4, true],
  [8, 0.6, false],
  [8, -0.6, false],
  [16, 0.4, true],
  [16, 0.6, false],
] as const)('at %i bits, a difference of %f steps is the same picture: %s', (bitDepth, steps, same) => {
  const white = 2 ** bitDepth - 1;
  const values = [0, 100 / white, 1];
  const other = values.map((value, i) => (i === 1 ? value + steps / white : value));
  expect(sameWhenStored(picture(values, bitDepth), picture(other, bitDepth))).toBe(same);
});

test('what is beyond black and white is stored as these', () => {
  expect(sameWhenStored(picture([0, 1], 8), picture([-3, 4], 8))).toBe(true);
});
