import type { PrimitiveName, Tensor } from '#src/tensor/index.js';
import * as t from '#src/tensor/index.js';
import { type Case, of, whole, within } from './case.js';
import { windowCases } from './window-cases.js';

const one = (build: (x: Tensor) => Tensor, range: readonly [number, number] = [-2, 2]): readonly Case[] => [
  { name: 'a matrix', inputs: [within(...range, 3, 5)], build },
  { name: 'a scalar', inputs: [within(...range)], build },
];

const two = (
  build: (a: Tensor, b: Tensor) => Tensor,
  left: readonly [number, number] = [-2, 2],
  right: readonly [number, number] = left,
): readonly Case[] => [
  { name: 'equal shapes', inputs: [within(...left, 2, 3), within(...right, 2, 3)], build },
  { name: 'a row against a column', inputs: [within(...left, 1, 3), within(...right, 4, 1)], build },
  { name: 'a shorter shape on the right', inputs: [within(...left, 2, 3, 4), within(...right, 3, 1)], build },
  { name: 'a scalar on the left', inputs: [within(...left), within(...right, 2, 1, 3)], build },
  { name: 'an axis of 1 in both', inputs: [within(...left, 1, 3), within(...right, 1, 1)], build },
];

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

  negate: one(t.negate),
  absolute: one(t.absolute),
  sign: one(t.sign),
  exp: one(t.exp),
  log: one(t.log, [0.2, 3]),
  sqrt: one(t.sqrt, [0.2, 3]),
  erf: one(t.erf),
  tanh: one(t.tanh),
  sigmoid: one(t.sigmoid, [-6, 6]),
  relu: [
    ...one(t.relu),
    {
      name: 'a slope for every channel',
      inputs: [of(2, 3, 2, 2), within(0, 1, 3)],
      build: (x, slope) => t.prelu(x, slope),
    },
  ],
  step: one((x) => t.multiply(t.step(x), t.exp(x))),
  gelu: one(t.gelu, [-4, 4]),
  geluSlope: one(t.geluSlope, [-4, 4]),
  leakyRelu: one((x) => t.leakyRelu(x, 0.2)),
  leakyStep: one((x) => t.multiply(t.leakyStep(x, 0.1), t.exp(x))),
  cast: [
    {
      name: 'a comparison to numbers',
      inputs: [of(2, 3)],
      build: (x) => t.multiply(x, t.cast(t.greater(x, 0), 'float32')),
    },
    {
      name: 'integers to numbers',
      inputs: [of(3), whole([3, -1, 0], [3])],
      build: (x, n) => t.multiply(x, t.cast(n, 'float32')),
    },
    {
      name: '64-bit integers to numbers',
      inputs: [of(3), whole([3, -1, 0], [3], 'int64')],
      build: (x, n) => t.multiply(x, t.cast(n, 'float32')),
    },
    {
      name: 'numbers to integers, towards zero',
      inputs: [within(-4, 4, 9)],
      build: (x) => t.cast(t.cast(x, 'int32'), 'float32'),
    },
  ],

  add: [
    ...two(t.add),
    {
      name: 'the same tensor twice',
      inputs: [of(2, 2)],
      build: (x) => t.add(x, x),
    },
    {
      name: 'integers',
      inputs: [of(6, 2), whole([0, 1, 2], [3, 1])],
      build: (x, n) => t.gather(x, t.add(n, t.constant(Int32Array.of(0, 3), [2]))),
    },
    {
      name: 'two operands that are both stretched',
      inputs: [of(1, 3), of(1, 3)],
      build: (a, b) => t.add(t.broadcastTo(a, [2, 3]), t.broadcastTo(b, [2, 3])),
    },
    {
      name: 'a scalar and a row, both stretched',
      inputs: [of(), of(3)],
      build: (a, b) => t.add(t.broadcastTo(a, [2, 3]), t.broadcastTo(b, [2, 3])),
    },
  ],
  subtract: two(t.subtract),
  multiply: [
    ...two(t.multiply),
    { name: 'a square', inputs: [of(3)], build: (x) => t.multiply(x, x) },
    {
      name: 'two operands that are both stretched',
      inputs: [of(3, 1), of(3, 1)],
      build: (a, b) => t.multiply(t.broadcastTo(a, [3, 2]), t.broadcastTo(b, [3, 2])),
    },
  ],
  divide: [
    ...two(t.divide, [-2, 2], [0.5, 2]),
    { name: 'a number by a tensor', inputs: [within(0.5, 2, 4)], build: (x) => t.divide(1, x) },
  ],
  power: [
    ...two(t.power, [0.3, 2], [-2, 2]),
    { name: 'a constant exponent', inputs: [within(0.3, 2, 4)], build: (x) => t.power(x, 1.5) },
  ],
  maximum: [...two(t.maximum), { name: 'a clamp', inputs: [of(9)], build: (x) => t.maximum(x, 0.25) }],
  minimum: [...two(t.minimum), { name: 'a clamp', inputs: [of(9)], build: (x) => t.minimum(x, 0.25) }],
  equal: [
    {
      name: 'integers against a row',
      inputs: [of(2, 3), whole([1, 2, 3, 3, 2, 1], [2, 3]), whole([1, 2, 1], [3])],
      build: (x, a, b) => t.where(t.equal(a, b), x, t.multiply(x, 3)),
    },
    { name: 'numbers', inputs: [of(4)], build: (x) => t.multiply(x, t.cast(t.equal(x, x), 'float32')) },
  ],
  greater: [
    {
      name: 'numbers, stretched',
      inputs: [of(2, 3), of(3)],
      build: (a, b) => t.where(t.greater(a, b), t.exp(a), b),
    },
    {
      name: 'integers',
      inputs: [of(3), whole([1, 2, 3], [3])],
      build: (x, n) => t.where(t.greater(n, 1), x, t.negate(x)),
    },
  ],
  where: [
    {
      name: 'a stretched condition',
      inputs: [whole([1, 0], [2, 1], 'bool'), of(2, 3), of(3)],
      build: t.where,
    },
    { name: 'a number', inputs: [whole([1, 0, 1], [3], 'bool'), of(3)], build: (c, a) => t.where(c, a, 2) },
    {
      name: 'operands that are all stretched',
      inputs: [whole([1, 0], [2, 1], 'bool'), of(), of(3)],
      build: (c, a, b) =>
        t.where(t.broadcastTo(c, [2, 3]), t.broadcastTo(a, [2, 3]), t.broadcastTo(b, [2, 3])),
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
  ...windowCases,
};

/** All primitives, in the order of the table. */
export const primitives: readonly PrimitiveName[] = keysOf(cases);

function keysOf<K extends string>(table: Readonly<Record<K, unknown>>): K[] {
  const keys: K[] = [];
  for (const key in table) keys.push(key);
  return keys;
}
