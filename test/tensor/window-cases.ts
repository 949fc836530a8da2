import type { Shape, Tensor } from '#src/tensor/index.js';
import * as t from '#src/tensor/index.js';
import { type Case, type CaseInput, of, within } from './case.js';

const convolutions: readonly {
  readonly name: string;
  readonly x: Shape;
  readonly weight: Shape;
  readonly options: t.ConvolutionOptions;
}[] = [
  { name: '3×3, padded', x: [2, 2, 4, 5], weight: [3, 2, 3, 3], options: { padding: 1 } },
  { name: '1×1', x: [2, 3, 3, 2], weight: [4, 3, 1, 1], options: {} },
  { name: 'one pixel', x: [1, 1, 1, 1], weight: [1, 1, 3, 3], options: { padding: 1 } },
  {
    name: 'stride 2 at odd sizes',
    x: [2, 2, 7, 5],
    weight: [3, 2, 3, 3],
    options: { stride: 2, padding: 1 },
  },
  { name: 'pixels that no window reaches', x: [1, 2, 8, 9], weight: [2, 2, 2, 2], options: { stride: 3 } },
  { name: 'dilation 3', x: [1, 2, 7, 6], weight: [2, 2, 3, 3], options: { padding: 3, dilation: 3 } },
  {
    name: 'everything different on the two axes',
    x: [2, 2, 8, 9],
    weight: [3, 2, 3, 2],
    options: { stride: [2, 3], dilation: [2, 1], padding: [1, 0, 2, 3] },
  },
  {
    name: 'padding at the bottom only',
    x: [1, 2, 4, 5],
    weight: [2, 2, 3, 3],
    options: { padding: [0, 0, 2, 1] },
  },
  {
    name: 'more padding than kernel',
    x: [1, 2, 3, 4],
    weight: [2, 2, 2, 2],
    options: { padding: [3, 2, 2, 3] },
  },
  { name: 'two groups', x: [2, 4, 3, 4], weight: [6, 2, 3, 3], options: { groups: 2, padding: 1 } },
  { name: 'depthwise', x: [2, 3, 5, 4], weight: [3, 1, 3, 3], options: { groups: 3, padding: 1 } },
  {
    name: 'depthwise, larger',
    x: [2, 2, 9, 10],
    weight: [2, 1, 3, 3],
    options: { groups: 2, padding: 1 },
  },
  { name: '1×1 of few pixels', x: [3, 5, 2, 1], weight: [4, 5, 1, 1], options: {} },
  {
    name: 'depthwise with two outputs a channel, strided',
    x: [1, 3, 5, 6],
    weight: [6, 1, 3, 3],
    options: { groups: 3, stride: 2, padding: [1, 1, 0, 2] },
  },
  { name: '6 to 4 channels', x: [1, 6, 4, 4], weight: [4, 6, 3, 3], options: { padding: 1 } },
  {
    name: 'windows that see nothing but padding',
    x: [1, 3, 1, 1],
    weight: [1, 3, 1, 4],
    options: { stride: [3, 1], padding: [1, 3, 0, 0] },
  },
  { name: 'two groups of five', x: [1, 10, 3, 4], weight: [10, 5, 1, 1], options: { groups: 2 } },
];

/** The adjoint of a linear function, as the gradient rules spell it. */
function adjoint(f: (x: Tensor) => Tensor, target: Tensor, upstream: Tensor): Tensor {
  const [gradient] = t.gradientsOf(f(target), [target], upstream);
  if (gradient === undefined) throw new Error('no gradient');
  return gradient;
}

const upstreamShape = (build: Case['build'], ...inputs: CaseInput[]): Shape =>
  build(...inputs.map(({ shape }, i) => t.input(`${i}`, shape))).shape;

/** Small programs for the primitives that move a window over an image. */
export const windowCases: {
  readonly [P in
    | 'convolution'
    | 'convolutionInputGradient'
    | 'convolutionWeightGradient'
    | 'maxPool'
    | 'upsample'
    | 'blockSum']: readonly Case[];
} = {
  convolution: [
    ...convolutions.map(({ name, x, weight, options }) => ({
      name,
      inputs: [of(...x), of(...weight)],
      build: (image: Tensor, kernel: Tensor) => t.conv2d(image, kernel, undefined, options),
    })),
    {
      name: 'a bias',
      inputs: [of(2, 2, 3, 4), of(3, 2, 3, 3), of(3)],
      build: (x, weight, bias) => t.conv2d(x, weight, bias, { padding: 1 }),
    },
  ],
  convolutionInputGradient: [
    ...convolutions.map(({ name, x, weight, options }) => {
      const shape = upstreamShape((a, b) => t.conv2d(a, b, undefined, options), of(...x), of(...weight));
      return {
        name,
        inputs: [of(...shape), of(...weight)],
        build: (upstream: Tensor, kernel: Tensor) =>
          adjoint((image) => t.conv2d(image, kernel, undefined, options), t.input('image', x), upstream),
      };
    }),
    {
      name: 'a transposed convolution',
      inputs: [of(2, 3, 3, 4), of(3, 2, 3, 3)],
      build: (x, weight) => t.convTranspose2d(x, weight, { stride: 2, padding: 1, outputPadding: [1, 0] }),
    },
    {
      name: 'a transposed convolution in two groups, dilated',
      inputs: [of(1, 4, 3, 3), of(4, 1, 2, 3)],
      build: (x, weight) => t.convTranspose2d(x, weight, { groups: 2, dilation: 2, padding: [1, 0] }),
    },
  ],
  convolutionWeightGradient: convolutions.map(({ name, x, weight, options }) => {
    const shape = upstreamShape((a, b) => t.conv2d(a, b, undefined, options), of(...x), of(...weight));
    return {
      name,
      inputs: [of(...x), of(...shape)],
      build: (image: Tensor, upstream: Tensor) =>
        adjoint((kernel) => t.conv2d(image, kernel, undefined, options), t.input('kernel', weight), upstream),
    };
  }),
  maxPool: [
    { name: '2×2', inputs: [of(2, 2, 4, 6)], build: (x) => t.maxPool2d(x, { kernel: 2 }) },
    { name: 'pixels left over', inputs: [of(1, 2, 5, 7)], build: (x) => t.maxPool2d(x, { kernel: 2 }) },
    { name: 'overlapping', inputs: [of(1, 2, 5, 6)], build: (x) => t.maxPool2d(x, { kernel: 3, stride: 1 }) },
    {
      name: 'rounded up, all below zero',
      inputs: [within(-3, -1, 1, 2, 6, 5)],
      build: (x) => t.maxPool2d(x, { kernel: 3, stride: 2, ceil: true }),
    },
    {
      name: 'rounded up, a window that would start outside',
      inputs: [within(-3, -1, 1, 1, 5, 4)],
      build: (x) => t.maxPool2d(x, { kernel: 1, stride: 3, ceil: true }),
    },
    {
      name: 'gaps between windows',
      inputs: [of(1, 1, 7, 8)],
      build: (x) => t.maxPool2d(x, { kernel: 2, stride: 3 }),
    },
    { name: '3×3 side by side', inputs: [of(1, 2, 6, 3)], build: (x) => t.maxPool2d(x, { kernel: 3 }) },
  ],
  upsample: [
    { name: 'by 2', inputs: [of(2, 3, 2, 3)], build: (x) => t.upsampleNearest(x, 2) },
    { name: 'by 3, one channel', inputs: [of(1, 1, 2, 1)], build: (x) => t.upsampleNearest(x, 3) },
  ],
  blockSum: [
    { name: 'by 2', inputs: [of(2, 3, 4, 6)], build: (x) => t.blockSum(x, 2) },
    { name: 'by 3, one block', inputs: [of(2, 1, 3, 3)], build: (x) => t.blockSum(x, 3) },
  ],
};
