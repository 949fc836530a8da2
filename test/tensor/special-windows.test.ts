import { describe, test } from 'vitest';
import type { Tensor } from '#src/tensor/index.js';
import * as t from '#src/tensor/index.js';
import { cpuRuntime } from '../compile/running.js';
import { expectSpecial, type Filled, type Special } from './special.js';

const cpu = cpuRuntime();
const [inf, nan] = [Number.POSITIVE_INFINITY, Number.NaN];

const row = (...numbers: number[]): Filled => ({ shape: [1, 1, 1, numbers.length], numbers });
const square = (...numbers: number[]): Filled => ({
  shape: [1, 1, Math.sqrt(numbers.length), Math.sqrt(numbers.length)],
  numbers,
});
const conv = (x: Tensor, weight: Tensor): Tensor => t.conv2d(x, weight);

/*
 * The values are derived by hand from what PyTorch documents: a convolution is the sum of products in IEEE arithmetic, also of
 * the zeros it pads with, so that 0·∞ and ∞ − ∞ are NaN, and a special number reaches the windows that see it and no others.
 */
const convolutions: readonly Special[] = [
  {
    name: 'nothing but zeros leaves the bias, and no gradient to the weight',
    of: (x, weight, bias) => t.conv2d(x, weight, bias),
    inputs: [row(0, -0, 0), row(1, -2), { shape: [1], numbers: [0.5] }],
    upstream: [1, 3],
    value: [0.5, 0.5],
    gradients: [[1, 1, -6], [0, 0], [4]],
  },
  {
    name: 'a weight of zeros leaves no gradient to the picture',
    of: conv,
    inputs: [row(1, 2, 3), row(0, 0)],
    value: [0, 0],
    gradients: [
      [0, 0, 0],
      [3, 5],
    ],
  },
  {
    name: 'an infinite pixel',
    of: conv,
    inputs: [row(1, inf, 2, 3), row(1, -2)],
    value: [-inf, inf, -4],
    gradients: [
      [1, -1, -1, -2],
      [inf, inf],
    ],
  },
  {
    name: 'an infinite pixel under a zero of the weight',
    of: conv,
    inputs: [row(1, inf, 2, 3), row(0, 1)],
    value: [inf, nan, 3],
    gradients: [
      [0, 1, 1, 1],
      [inf, inf],
    ],
  },
  {
    name: 'infinities of both signs',
    of: conv,
    inputs: [row(inf, -inf, 1), row(1, 1)],
    value: [nan, -inf],
    gradients: [
      [1, 2, 1],
      [nan, -inf],
    ],
  },
  {
    name: 'a pixel that is no number',
    of: conv,
    inputs: [row(1, 2, nan, 4, 5), row(1, 2)],
    value: [5, nan, nan, 14],
    gradients: [
      [1, 3, 3, 3, 2],
      [nan, nan],
    ],
  },
  {
    name: 'huge and tiny numbers',
    of: conv,
    inputs: [row(1e30, 1e-30, -1e30), row(1e30, 1e-30)],
    upstream: [1, 1e-30],
    value: [inf, 0],
    gradients: [
      [1e30, 1, 0],
      [1e30, -1],
    ],
  },
  {
    name: 'a gradient that arrives infinite, or as no number',
    of: conv,
    inputs: [row(1, 2, 3, 4), row(1, -2)],
    upstream: [inf, 0, nan],
    value: [-3, -4, -5],
    gradients: [
      [inf, -inf, nan, nan],
      [nan, nan],
    ],
  },
  {
    name: 'an infinite pixel beside the padding',
    of: (x, weight) => t.conv2d(x, weight, undefined, { padding: [0, 1] }),
    inputs: [row(inf, 1), row(1, 2, 3)],
    value: [inf, inf],
    gradients: [
      [3, 5],
      [inf, inf, 1],
    ],
  },
  {
    name: 'pixels that no window sees',
    of: (x, weight) => t.conv2d(x, weight, undefined, { stride: [1, 3] }),
    inputs: [row(1, 2, nan, 4, 5, inf), row(1, 2)],
    value: [5, 14],
    gradients: [
      [1, 2, 0, 1, 2, 0],
      [5, 7],
    ],
  },
  {
    name: 'a channel of another group',
    of: (x, weight) => t.conv2d(x, weight, undefined, { groups: 2 }),
    inputs: [
      { shape: [1, 2, 1, 2], numbers: [inf, 1, 2, 3] },
      { shape: [4, 1, 1, 1], numbers: [2, -2, 3, 1] },
    ],
    value: [inf, 2, -inf, -2, 6, 9, 2, 3],
    gradients: [
      [0, 0, 4, 4],
      [inf, inf, 5, 5],
    ],
  },
  {
    name: 'a transposed convolution of an infinite pixel',
    of: (x, weight) => t.convTranspose2d(x, weight, { stride: [1, 2] }),
    inputs: [row(inf, 1), row(1, -2)],
    value: [inf, -inf, 1, -2],
    gradients: [
      [-1, -1],
      [inf, inf],
    ],
  },
  {
    name: 'the product of the channels of a pixel alone',
    of: conv,
    inputs: [
      { shape: [1, 2, 1, 3], numbers: [inf, 1, nan, 1, 0, 1] },
      { shape: [1, 2, 1, 1], numbers: [1, -1] },
    ],
    value: [inf, 1, nan],
    gradients: [
      [1, 1, 1, -1, -1, -1],
      [nan, 2],
    ],
  },
];

/*
 * PyTorch's max_pool2d gives the gradient to the first of equal numbers in row-major order. It also hands on NaN, and −∞ where a
 * window holds nothing else; ONNX Runtime's MaxPool does neither everywhere, as maxPool2d says, so neither is stated here.
 */
const pools: readonly Special[] = [
  {
    name: 'the largest of equal numbers is the first',
    of: (x) => t.maxPool2d(x, { kernel: 2 }),
    inputs: [square(3, 3, 3, 3)],
    value: [3],
    gradients: [[1, 0, 0, 0]],
  },
  {
    name: 'the first of zeros of both signs',
    of: (x) => t.maxPool2d(x, { kernel: 2 }),
    inputs: [square(-1, -0, 0, 0)],
    value: [0],
    gradients: [[0, 1, 0, 0]],
  },
  {
    name: 'equal numbers of windows that overlap, which are first in several',
    of: (x) => t.maxPool2d(x, { kernel: 2, stride: 1 }),
    inputs: [square(0, 0, 0, 0, 7, 7, 0, 7, 7)],
    upstream: [1, 10, 100, 1000],
    value: [7, 7, 7, 7],
    gradients: [[0, 0, 0, 0, 1111, 0, 0, 0, 0]],
  },
  {
    name: 'equal numbers in windows over the border',
    of: (x) => t.maxPool2d(x, { kernel: 2, ceil: true }),
    inputs: [square(-1, -1, -1, -1, -1, -1, -1, -1, -1)],
    upstream: [1, 10, 100, 1000],
    value: [-1, -1, -1, -1],
    gradients: [[1, 0, 10, 0, 0, 0, 100, 0, 1000]],
  },
  {
    name: 'infinite numbers, several of them the largest',
    of: (x) => t.maxPool2d(x, { kernel: 2 }),
    inputs: [square(-inf, inf, inf, 1)],
    value: [inf],
    gradients: [[0, 1, 0, 0]],
  },
  {
    name: 'infinite numbers in windows that overlap',
    of: (x) => t.maxPool2d(x, { kernel: 2, stride: 1 }),
    inputs: [square(-inf, -1, inf, -inf, -inf, inf, -2, -inf, inf)],
    upstream: [1, 10, 100, 1000],
    value: [-1, inf, -2, inf],
    gradients: [[0, 1, 10, 0, 0, 1000, 100, 0, 0]],
  },
  {
    name: 'tiny and huge numbers',
    of: (x) => t.maxPool2d(x, { kernel: 2 }),
    inputs: [square(1e-30, 1e-31, -1e30, 0)],
    upstream: [1e30],
    value: [1e-30],
    gradients: [[1e30, 0, 0, 0]],
  },
  {
    name: 'a huge gradient',
    of: (x) => t.maxPool2d(x, { kernel: 2 }),
    inputs: [square(1, 2, 3, 4)],
    upstream: [1e38],
    value: [4],
    gradients: [[0, 0, 0, 1e38]],
  },
  {
    name: 'the mean of a block with infinity, with both, with no number, of huge ones',
    of: (x) => t.avgPool2d(x, 2),
    inputs: [
      { shape: [1, 4, 2, 2], numbers: [inf, 1, 2, 3, inf, -inf, 0, 0, nan, 1, 2, 3, 3e38, 3e38, 3e38, 3e38] },
    ],
    upstream: [4, 8, inf, nan],
    value: [inf, nan, nan, inf],
    gradients: [[1, 1, 1, 1, 2, 2, 2, 2, inf, inf, inf, inf, nan, nan, nan, nan]],
  },
  {
    name: 'the mean of a picture of tiny numbers, and of one with infinity',
    of: t.globalAvgPool,
    inputs: [{ shape: [1, 2, 1, 2], numbers: [1e-30, 3e-30, -inf, 1] }],
    upstream: [2, 4],
    value: [2e-30, -inf],
    gradients: [[1, 1, 2, 2]],
  },
  {
    name: 'repeated pixels, and the sum of what comes back to them',
    of: (x) => t.upsampleNearest(x, 2),
    inputs: [row(inf, nan)],
    upstream: [1, 2, inf, 1, 3, 4, 1, -inf],
    value: [inf, inf, nan, nan, inf, inf, nan, nan],
    gradients: [[10, nan]],
  },
];

/*
 * Depthwise convolutions of at most 64 pixels with a fed weight are products with matrices that hold zeros: there a special number
 * reaches all of its own channel, as conv2d says, where PyTorch's reaches the windows that see it. Other channels are PyTorch's.
 */
const smallDepthwise: Special = {
  name: 'small depthwise convolutions keep a special number in its channel',
  of: (x, weight) => t.conv2d(x, weight, undefined, { groups: 2 }),
  inputs: [
    { shape: [1, 2, 1, 2], numbers: [inf, 1, 2, 3] },
    { shape: [2, 1, 1, 1], numbers: [2, 3] },
  ],
  value: [inf, nan, 6, 9],
  gradients: [
    [2, 2, 3, 3],
    [nan, 5],
  ],
};

describe('windows over special numbers, as PyTorch has it:', () => {
  test.each(convolutions.map((special) => [special.name, special] as const))(
    'convolution: %s',
    async (_, special) => {
      await expectSpecial(cpu(), special);
    },
  );

  test('small depthwise convolutions keep a special number in its channel', async () => {
    await expectSpecial(cpu(), smallDepthwise);
  });

  test.each(pools.map((special) => [special.name, special] as const))('pooling: %s', async (_, special) => {
    await expectSpecial(cpu(), special);
  });
});
