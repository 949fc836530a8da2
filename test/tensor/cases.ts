import type { PrimitiveName } from '#src/tensor/index.js';
import * as t from '#src/tensor/index.js';
import { type Case, of, whole } from './case.js';
import { elementwiseCases } from './elementwise-cases.js';
import { windowCases } from './window-cases.js';

/** Small programs for every primitive: total, so that a primitive without one does not compile. */
export const cases: { readonly [P in PrimitiveName]: readonly Case[] } = {
  input: [{ name: 'itself', inputs: [of(2, 3)], build: (x) => x }],
  constant: [
    {
      name: 'a few numbers',
      inputs: [of(2, 3)],
      build: (x) => t.multiply(x, t.constant(Float32Array.of(1, -2, 0.5), [3])),
    },
    {
      name: 'more numbers than are compared by value',
      inputs: [of(4, 5)],
      build: (x) =>
        t.add(
          x,
          t.constant(
            Float32Array.from({ length: 20 }, (_, i) => i / 8),
            [4, 5],
          ),
        ),
    },
    {
      name: 'integers and booleans',
      inputs: [of(3, 2)],
      build: (x) =>
        t.where(
          t.constant(Uint8Array.of(1, 0), [2]),
          t.gather(x, t.constant(BigInt64Array.of(2n, 0n, 2n), [3])),
          t.cast(t.constant(Int32Array.of(-7), [1]), 'float32'),
        ),
    },
  ],
  stopGradient: [
    {
      name: 'one factor of two',
      inputs: [of(2, 3), of(3)],
      build: (x, y) => t.multiply(x, t.stopGradient(t.exp(y))),
      stopped: [1],
    },
  ],

  reshape: [
    { name: 'to fewer axes', inputs: [of(2, 3, 4)], build: (x) => t.reshape(x, [6, -1]) },
    { name: 'a scalar to a matrix', inputs: [of()], build: (x) => t.reshape(x, [1, 1]) },
  ],
  transpose: [
    { name: 'a matrix', inputs: [of(2, 3)], build: (x) => t.transpose(x, [1, 0]) },
    { name: 'a rotation of four axes', inputs: [of(2, 3, 4, 1)], build: (x) => t.transpose(x, [3, 0, 2, 1]) },
    { name: 'a cycle of three axes', inputs: [of(2, 3, 4)], build: (x) => t.transpose(x, [2, 0, 1]) },
  ],
  broadcast: [
    { name: 'a scalar', inputs: [of()], build: (x) => t.broadcastTo(x, [2, 3]) },
    { name: 'a middle axis', inputs: [of(2, 1, 3)], build: (x) => t.broadcastTo(x, [2, 4, 3]) },
    { name: 'new axes', inputs: [of(3, 1)], build: (x) => t.broadcastTo(x, [2, 3, 2]) },
  ],
  slice: [
    { name: 'a part', inputs: [of(4, 5)], build: (x) => t.slice(x, { axis: 1, start: 1, length: 3 }) },
    {
      name: 'every second and every third',
      inputs: [of(7, 8)],
      build: (x) =>
        t.slice(x, { axis: 0, start: 1, length: 3, step: 2 }, { axis: -1, start: 0, length: 3, step: 3 }),
    },
    {
      name: 'backwards',
      inputs: [of(5)],
      build: (x) => t.slice(x, { axis: 0, start: 4, length: 5, step: -1 }),
    },
    {
      name: 'backwards in steps, to the first',
      inputs: [of(2, 7)],
      build: (x) => t.slice(x, { axis: 1, start: 6, length: 4, step: -2 }),
    },
    {
      name: 'backwards in steps, from within to within',
      inputs: [of(9, 2)],
      build: (x) => t.slice(x, { axis: 0, start: 7, length: 3, step: -2 }),
    },
    {
      name: 'backwards on one axis, forwards on another',
      inputs: [of(4, 5, 6)],
      build: (x) =>
        t.slice(x, { axis: 0, start: 2, length: 2, step: -1 }, { axis: 2, start: 1, length: 3, step: 2 }),
    },
    { name: 'the last one', inputs: [of(3, 4)], build: (x) => t.slice(x, { axis: 1, start: 3, length: 1 }) },
    {
      name: 'one element, whose step means nothing',
      inputs: [of(3, 4)],
      build: (x) => t.slice(x, { axis: 1, start: 2, length: 1, step: -3 }),
    },
  ],
  pad: [
    { name: 'all around', inputs: [of(2, 3)], build: (x) => t.pad(x, [1, 2], [0, 3]) },
    { name: 'after one axis', inputs: [of(1, 2, 2)], build: (x) => t.pad(x, [0, 0, 0], [0, 0, 1]) },
  ],
  concat: [
    { name: 'rows', inputs: [of(1, 3), of(2, 3), of(1, 3)], build: (...x) => t.concat(x, 0) },
    { name: 'the last axis', inputs: [of(2, 1), of(2, 3)], build: (...x) => t.concat(x, -1) },
    { name: 'a tensor with itself', inputs: [of(2, 2)], build: (x) => t.concat([x, x], 1) },
  ],
  gather: [
    { name: 'rows, some twice', inputs: [of(4, 2), whole([3, 0, 3], [3])], build: t.gather },
    { name: 'a table of numbers', inputs: [of(5), whole([4, 1, 1, 0], [2, 2], 'int64')], build: t.gather },
    { name: 'one row', inputs: [of(3, 2, 2), whole([1], [])], build: t.gather },
  ],
  scatterAdd: [
    {
      name: 'rows, some into the same',
      inputs: [of(3, 2), whole([3, 0, 3], [3])],
      build: (x, n) => t.scatterAdd(x, n, 5),
    },
    {
      name: 'numbers, by a matrix of indices',
      inputs: [of(2, 2), whole([1, 1, 0, 1], [2, 2], 'int64')],
      build: (x, n) => t.scatterAdd(x, n, 3),
    },
    {
      name: 'images',
      inputs: [of(2, 2, 3), whole([1, 1], [2])],
      build: (x, n) => t.scatterAdd(x, n, 2),
    },
  ],

  sum: [
    { name: 'everything', inputs: [of(2, 3)], build: (x) => t.sum(x) },
    { name: 'one axis', inputs: [of(2, 3, 4)], build: (x) => t.sum(x, { axes: [1] }) },
    {
      name: 'two axes, kept',
      inputs: [of(2, 3, 4)],
      build: (x) => t.sum(x, { axes: [-1, 0], keepAxes: true }),
    },
    {
      name: 'two sums of one tensor',
      inputs: [of(2, 3)],
      build: (x) => t.add(t.sum(x, { axes: [0] }), t.reshape(t.sum(x, { axes: [1] }), [2, 1])),
    },
  ],
  max: [
    { name: 'the first axis', inputs: [of(3, 4)], build: (x) => t.max(x, 0) },
    { name: 'the last axis, kept', inputs: [of(2, 3, 4)], build: (x) => t.max(x, -1, true) },
  ],
  softmax: [
    { name: 'rows', inputs: [of(2, 5)], build: t.softmax },
    { name: 'three axes', inputs: [of(2, 3, 4)], build: t.softmax },
    { name: 'one class', inputs: [of(3, 1)], build: t.softmax },
  ],

  matmul: [
    { name: 'matrices', inputs: [of(2, 3), of(3, 4)], build: (a, b) => t.matmul(a, b) },
    { name: 'aᵀb', inputs: [of(3, 2), of(3, 4)], build: (a, b) => t.matmul(a, b, { transposeA: true }) },
    { name: 'abᵀ', inputs: [of(2, 3), of(4, 3)], build: (a, b) => t.matmul(a, b, { transposeB: true }) },
    {
      name: 'aᵀbᵀ',
      inputs: [of(3, 2), of(4, 3)],
      build: (a, b) => t.matmul(a, b, { transposeA: true, transposeB: true }),
    },
    { name: 'a batch', inputs: [of(2, 2, 3), of(2, 3, 2)], build: (a, b) => t.matmul(a, b) },
    {
      name: 'one matrix on the left of a batch',
      inputs: [of(2, 3), of(4, 3, 2)],
      build: (a, b) => t.matmul(a, b),
    },
    {
      name: 'one matrix on the right of a batch, transposed',
      inputs: [of(4, 2, 3), of(2, 3)],
      build: (a, b) => t.matmul(a, b, { transposeB: true }),
    },
    {
      name: 'batches stretched both ways, transposed',
      inputs: [of(2, 1, 3, 2), of(3, 3, 2)],
      build: (a, b) => t.matmul(a, b, { transposeA: true }),
    },
    { name: 'a row by a column', inputs: [of(1, 5), of(5, 1)], build: (a, b) => t.matmul(a, b) },
  ],
  ...elementwiseCases,
  ...windowCases,
};

/** All primitives, in the order of the table. */
export const primitives: readonly PrimitiveName[] = keysOf(cases);

function keysOf<K extends string>(table: Readonly<Record<K, unknown>>): K[] {
  const keys: K[] = [];
  for (const key in table) keys.push(key);
  return keys;
}
