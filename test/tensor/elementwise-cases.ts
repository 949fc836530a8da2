import type { ElementwiseName, Tensor } from '#src/tensor/index.js';
import * as t from '#src/tensor/index.js';
import { type Case, of, whole, within } from './case.js';

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

/** Small programs for every primitive that works on each number by itself. */
export const elementwiseCases: { readonly [P in ElementwiseName]: readonly Case[] } = {
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
};
