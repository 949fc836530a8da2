import type { ConvolutionGeometry, Shape, TensorOf } from '../tensor/index.js';
import type { Emitter } from './emitter.js';
import { emitProduct } from './lower-matmul.js';

/** A depthwise convolution of small images: the tensors it relates, whichever of them is computed. */
interface SmallDepthwise {
  readonly geometry: ConvolutionGeometry;
  /** Shapes. */
  readonly x: Shape;
  readonly y: Shape;
  readonly weight: Shape;
  readonly pixels: { readonly x: number; readonly y: number };
}

function smallDepthwise(
  geometry: ConvolutionGeometry,
  shapes: { readonly x: Shape; readonly y: Shape; readonly weight: Shape },
): SmallDepthwise {
  const count = ([, , height = 1, width = 1]: Shape): number => height * width;
  return { geometry, ...shapes, pixels: { x: count(shapes.x), y: count(shapes.y) } };
}

/** `[pixels of y · pixels of x, taps]`: 1 where the tap of the kernel brings pixel q of x to pixel p of y. */
function tapsOfPairs({ geometry, x, y, weight, pixels }: SmallDepthwise): Float32Array {
  const { stride, dilation, padding } = geometry;
  const [, , kernelHeight = 1, kernelWidth = 1] = weight;
  const [, , height = 1, width = 1] = x;
  const [, , rows = 1, columns = 1] = y;
  const taps = kernelHeight * kernelWidth;
  const matrix = new Float32Array(pixels.y * pixels.x * taps);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++)
      for (let v = 0; v < kernelHeight; v++)
        for (let u = 0; u < kernelWidth; u++) {
          const row = i * stride[0] + v * dilation[0] - padding[0];
          const column = j * stride[1] + u * dilation[1] - padding[1];
          if (row < 0 || row >= height || column < 0 || column >= width) continue;
          const pair = (i * columns + j) * pixels.x + row * width + column;
          matrix[pair * taps + v * kernelWidth + u] = 1;
        }
  return matrix;
}

function emitTapsOfPairs(convolution: SmallDepthwise, emit: Emitter) {
  const { geometry, x, y, weight, pixels } = convolution;
  const { stride, dilation, padding } = geometry;
  const what = [stride, dilation, padding, x.slice(2), y.slice(2), weight.slice(2)].join(' ');
  const [, , kernelHeight = 1, kernelWidth = 1] = weight;
  const shape = [pixels.y * pixels.x, kernelHeight * kernelWidth];
  return { name: emit.floatTable(`taps of pairs ${what}`, shape, () => tapsOfPairs(convolution)), rank: 2 };
}

/** `[channels, pixels of y, pixels of x]`: every channel's convolution as a matrix. */
function emitMatrices(convolution: SmallDepthwise, weight: string, emit: Emitter) {
  const [channels = 1, , kernelHeight = 1, kernelWidth = 1] = convolution.weight;
  const kernels = { name: emit.reshape(weight, [channels, kernelHeight * kernelWidth]), rank: 2 };
  const matrices = emitProduct(kernels, emitTapsOfPairs(convolution, emit), { transposeB: true }, emit);
  const { pixels } = convolution;
  return { name: emit.reshape(matrices, [channels, pixels.y, pixels.x]), rank: 3 };
}

/** y[c] = M[c] · x[c] + bias[c], M[c] the matrix of channel c's convolution, of an image whose batch comes last. */
export function emitPairs(
  { tensor }: { readonly tensor: TensorOf<'convolution'> },
  [x = '', weight = '', bias]: readonly string[],
  emit: Emitter,
): string {
  const [image, kernels] = tensor.inputs;
  const shapes = { x: image.shape, y: tensor.shape, weight: kernels.shape };
  const matrices = emitMatrices(smallDepthwise(tensor.attributes, shapes), weight, emit);
  const convolved = emitProduct(matrices, { name: x, rank: 3 }, {}, emit);
  return bias === undefined ? convolved : emit.node('Add', [convolved, emit.reshape(bias, [-1, 1, 1])]);
}

/** dx[c] = M[c]ᵀ · dy[c], of a gradient whose batch comes last. */
export function emitPairsBack(
  { tensor }: { readonly tensor: TensorOf<'convolutionInputGradient'> },
  [upstream = '', weight = '']: readonly string[],
  emit: Emitter,
): string {
  const [arriving, kernels] = tensor.inputs;
  const shapes = { x: tensor.shape, y: arriving.shape, weight: kernels.shape };
  const matrices = emitMatrices(smallDepthwise(tensor.attributes, shapes), weight, emit);
  return emitProduct(matrices, { name: upstream, rank: 3 }, { transposeA: true }, emit);
}

/**
 * The gradient of a depthwise convolution of small images in its weight. For every channel c, the products of all pairs of
 * an output and an input pixel are summed over the batch as one product of matrices; then every tap sums its pairs:
 *
 *     pairs[c, p, q] = Σ_n dy[n, c, p] · x[n, c, q],    dW[c, tap] = Σ_(p,q) pairs[c, p, q] · [the tap brings q to p]
 */
export function emitPairsOfWeight(
  { tensor }: { readonly tensor: TensorOf<'convolutionWeightGradient'> },
  [x = '', upstream = '']: readonly string[],
  emit: Emitter,
): string {
  const [image, arriving] = tensor.inputs;
  const shapes = { x: image.shape, y: arriving.shape, weight: tensor.shape };
  const convolution = smallDepthwise(tensor.attributes, shapes);
  const pairs = emitProduct({ name: upstream, rank: 3 }, { name: x, rank: 3 }, { transposeB: true }, emit);
  const { pixels, geometry } = convolution;
  const flat = { name: emit.reshape(pairs, [geometry.groups, pixels.y * pixels.x]), rank: 2 };
  return emit.reshape(emitProduct(flat, emitTapsOfPairs(convolution, emit), {}, emit), tensor.shape);
}
