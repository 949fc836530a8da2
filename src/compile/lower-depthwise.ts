import type { ConvolutionGeometry, Shape, TensorOf } from '../tensor/index.js';
import { elementCount, imageShape } from '../tensor/index.js';
import type { Emitter } from './emitter.js';
import { emitProduct } from './lower-matmul.js';

/** Whether a convolution of a weight of this shape sees every channel by itself, and makes one of it. */
export function isDepthwise({ groups }: ConvolutionGeometry, [out, perGroup]: Shape): boolean {
  return groups > 1 && out === groups && perGroup === 1;
}

/** Pairs of pixels up to which the products of all pairs cost less than a shifted copy of the images per tap. */
const MOST_PAIRS = 64 * 64;

/**
 * Which tap of the kernel brings input pixel q to output pixel p: a matrix `[pixels out · pixels in, taps]` with a 1 where
 * it does.
 */
function tapsOfPairs(tensor: TensorOf<'convolutionWeightGradient'>): Float32Array {
  const { stride, dilation, padding } = tensor.attributes;
  const [, , kernelHeight, kernelWidth] = imageShape(tensor, 'convolutionWeightGradient');
  const [, , height, width] = imageShape(tensor.inputs[0], 'convolutionWeightGradient');
  const [, , rows, columns] = imageShape(tensor.inputs[1], 'convolutionWeightGradient');
  const taps = kernelHeight * kernelWidth;
  const matrix = new Float32Array(rows * columns * height * width * taps);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++)
      for (let v = 0; v < kernelHeight; v++)
        for (let u = 0; u < kernelWidth; u++) {
          const y = i * stride[0] + v * dilation[0] - padding[0];
          const x = j * stride[1] + u * dilation[1] - padding[1];
          if (y < 0 || y >= height || x < 0 || x >= width) continue;
          const pair = (i * columns + j) * height * width + y * width + x;
          matrix[pair * taps + v * kernelWidth + u] = 1;
        }
  return matrix;
}

/**
 * The gradient of a depthwise convolution of small images in its weight. For every channel c, the products of all pairs of an
 * output and an input pixel are summed over the batch as one product of matrices; then every tap sums its pairs:
 *
 *     pairs[c, p, q] = Σ_n upstream[n, c, p] · x[n, c, q],    dW[c, tap] = Σ_(p,q) pairs[c, p, q] · [the tap brings q to p]
 *
 * Undefined where images are large, and a copy of them per tap costs less.
 */
export function lowerSmallDepthwiseWeightGradient(
  tensor: TensorOf<'convolutionWeightGradient'>,
  [x, upstream]: readonly [string, string],
  emit: Emitter,
): string | undefined {
  const [batch, channels, height, width] = imageShape(tensor.inputs[0], 'convolutionWeightGradient');
  const [, , rows, columns] = imageShape(tensor.inputs[1], 'convolutionWeightGradient');
  const [from, to] = [height * width, rows * columns];
  if (!isDepthwise(tensor.attributes, tensor.shape) || from * to > MOST_PAIRS) return undefined;
  /** `[batch, channels, …]` → `[channels, pixels, batch]` */
  const batchLast = (image: string, pixels: number) => {
    const moved = emit.transpose(emit.reshape(image, [batch, channels * pixels]), [1, 0]);
    return { name: emit.reshape(moved, [channels, pixels, batch]), rank: 3 };
  };
  const pairs = emitProduct(batchLast(upstream, to), batchLast(x, from), { transposeB: true }, emit);
  const taps = elementCount(tensor.shape) / channels;
  const { stride, dilation, padding } = tensor.attributes;
  const geometry = [stride, dilation, padding, [height, width, rows, columns], tensor.shape.slice(2)];
  const selection = emit.floatTable(`taps of ${geometry.join(' ')}`, [to * from, taps], () =>
    tapsOfPairs(tensor),
  );
  const sums = emit.node('MatMul', [emit.reshape(pairs, [channels, to * from]), selection]);
  return emit.reshape(sums, tensor.shape);
}
