import { expect } from 'vitest';
import type { AnySizeProgram } from '#src/compile/index.js';
import { createRandom } from '#src/random.js';
import * as t from '#src/tensor/index.js';
import type { Program, Tensor, TensorValue } from '#src/tensor/index.js';

export const CHANNELS = 4;

export function drawn(shape: readonly number[], seed = 3): TensorValue {
  const random = createRandom(seed, ...shape);
  return {
    data: Float32Array.from({ length: t.elementCount(shape) }, () => random.normal()),
    shape,
    dtype: 'float32',
  };
}

export const weightShapes: Readonly<Record<string, readonly number[]>> = {
  square: [4, 4, 3, 3],
  wide: [16, 4, 1, 1],
  halving: [6, 4, 2, 2],
  doubling: [4, 6, 2, 2],
};

export const values = Object.fromEntries(
  Object.entries(weightShapes).map(([name, shape]) => [name, drawn(shape)]),
);

/** `[1, 4, height, width]` → the same shape. */
export type Body = (x: Tensor, weights: Readonly<Record<string, Tensor>>) => Tensor;

export const tracing =
  (body: Body) =>
  (height: number, width: number): Program =>
    t.trace(({ input }) => {
      const weights = Object.fromEntries(
        Object.entries(weightShapes).map(([name, shape]) => [name, input(name, shape)]),
      );
      return { y: body(input('x', [1, CHANNELS, height, width]), weights) };
    });

export const need = (tensor: Tensor | undefined): Tensor => tensor ?? expect.fail('there is no such weight');

export const request = (body: Body, multiple: number): AnySizeProgram => ({
  trace: tracing(body),
  multiple,
  picture: 'x',
  result: 'y',
  values,
});

/** Sub-images on the batch axis, in the way of pixel-shuffle down-sampling. */
export function subImages(x: Tensor): Tensor {
  const [, channels, height, width] = t.imageShape(x, 'subImages');
  const cells = t.reshape(x, [1, channels, height / 2, 2, width / 2, 2]);
  return t.reshape(t.transpose(cells, [3, 5, 0, 1, 2, 4]), [4, channels, height / 2, width / 2]);
}

export function wholeImage(x: Tensor): Tensor {
  const [, channels, height, width] = t.imageShape(x, 'wholeImage');
  const cells = t.reshape(x, [2, 2, 1, channels, height, width]);
  return t.reshape(t.transpose(cells, [2, 3, 4, 0, 5, 1]), [1, channels, 2 * height, 2 * width]);
}

export const bodies: Readonly<Record<string, { readonly multiple: number; readonly body: Body }>> = {
  'a convolution': {
    multiple: 1,
    body: (x, { square }) => t.conv2d(x, need(square), undefined, { padding: 1 }),
  },
  'a mean over all pixels': { multiple: 1, body: (x) => t.multiply(x, t.sigmoid(t.globalAvgPool(x))) },
  'instance normalisation': { multiple: 2, body: (x) => t.instanceNorm(x) },
  'group normalisation': { multiple: 1, body: (x) => t.groupNorm(x, 2) },
  'normalised channels': {
    multiple: 3,
    body: (x) => t.layerNormChannels(x, { weight: t.filled(2, [4]), bias: t.filled(1, [4]) }),
  },
  'sub-images on the batch axis': {
    multiple: 2,
    body: (x, { square }) => wholeImage(t.conv2d(subImages(x), need(square), undefined, { padding: 1 })),
  },
  'shuffled pixels': {
    multiple: 4,
    body: (x, { wide }) =>
      t.pixelShuffle(t.conv2d(t.avgPool2d(t.pixelShuffle(t.pixelUnshuffle(x, 4), 4), 2), need(wide)), 2),
  },
  'a strided convolution and back': {
    multiple: 2,
    body: (x, { halving, doubling }) => {
      const small = t.conv2d(x, need(halving), undefined, { stride: 2 });
      const [, , height, width] = t.imageShape(x, 'x');
      const geometry = { stride: [2, 2], dilation: [1, 1], padding: [0, 0, 0, 0], groups: 1 } as const;
      return t.add(
        t.convTranspose2d(small, t.transpose(need(doubling), [1, 0, 2, 3]), { stride: 2 }),
        t.convolutionInputGradient(small, need(halving), geometry, [1, 4, height, width]),
      );
    },
  },
  'pooling and repeated pixels': {
    multiple: 8,
    body: (x) =>
      t.upsampleNearest(t.maxPool2d(t.upsampleNearest(t.maxPool2d(x, { kernel: 4 }), 2), { kernel: 2 }), 4),
  },
  'padding, parts and joins': {
    multiple: 2,
    body: (x) => {
      const [, , height, width] = t.imageShape(x, 'x');
      const padded = t.padReplicate(t.padReflect(x, { left: 1, bottom: 1 }), { right: 2 });
      const turned = t.slice(padded, { axis: 3, start: width + 2, length: width, step: -1 });
      const half = t.slice(turned, { axis: 2, start: 1, length: height / 2, step: 2 });
      return t.concat(
        [half, t.padZero(t.slice(half, { axis: 3, start: 1, length: width - 1 }), { right: 1 })],
        2,
      );
    },
  },
  'attention between channels': {
    multiple: 1,
    body: (x) => {
      const [, channels, height, width] = t.imageShape(x, 'x');
      const rows = t.reshape(x, [1, 2, channels / 2, height * width]);
      const scores = t.softmax(t.matmul(t.tanh(rows), rows, { transposeB: true }));
      return t.reshape(t.matmul(scores, rows), x.shape);
    },
  },
  'attention between the pixels of windows': {
    multiple: 4,
    body: (x) => {
      const [, channels, height, width] = t.imageShape(x, 'x');
      const cells = t.transpose(t.reshape(x, [1, channels, height / 4, 4, width / 4, 4]), [0, 2, 4, 3, 5, 1]);
      const windows = t.reshape(cells, [(height / 4) * (width / 4), 16, channels]);
      const mixed = t.reshape(t.scaledDotProductAttention(windows, windows, windows), cells.shape);
      return t.reshape(t.transpose(mixed, [0, 5, 1, 3, 2, 4]), x.shape);
    },
  },
};
