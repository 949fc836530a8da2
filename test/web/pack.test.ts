import { expect, test } from 'vitest';
import { pack, unpack } from '#src/web/kept/pack.js';

const value = {
  step: 7,
  tensors: { a: Float32Array.of(0.1, -0, Number.NaN), b: Int32Array.of(1, 2, 3) },
  curves: [{ forward: new Float32Array(0), name: 'schön' }],
};

test('data and arrays come back bit by bit', async () => {
  expect(await unpack(await pack(value))).toEqual(value);
  // A part of a longer array.
  expect(await unpack(await pack(Float64Array.of(1, 2, 3).subarray(1)))).toEqual(Float64Array.of(2, 3));
});

test('what is not whole is nothing', async () => {
  const bytes = await pack(value);
  expect(await unpack(bytes.slice(0, -1))).toBeUndefined();
  expect(await unpack(bytes.slice(0, 3))).toBeUndefined();
  expect(await unpack(bytes.map((byte, i) => (i === 90 ? byte ^ 1 : byte)))).toBeUndefined();
});
