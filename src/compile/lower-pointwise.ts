import type { ConvolutionGeometry, Shape, TensorOf } from '../tensor/index.js';
import { imageShape, isPrimitive } from '../tensor/index.js';
import type { Emitter } from './emitter.js';
import { emitProduct } from './lower-matmul.js';

/** Whether a convolution mixes the channels of each pixel and nothing else: a product with a matrix `[out, in]`. */
export function isPointwise({ stride, padding, groups }: ConvolutionGeometry, weight: Shape): boolean {
  const [, , height, width] = weight;
  return (
    groups === 1 &&
    height === 1 &&
    width === 1 &&
    stride.every((step) => step === 1) &&
    padding.every((p) => p === 0)
  );
}

/** A batch whose images have this many pixels or fewer is mixed as one matrix: a product per image has too few columns. */
const FEW_PIXELS = Number(process.env['FEW'] ?? 16);

/**
 * Whether a 1×1 convolution of `batch` images of `pixels` is better written as one product of matrices, with the pixels
 * of all images as rows. Only where the weight is fed: ONNX Runtime lays constant weights out for its Conv.
 */
export function mixesRows(
  tensor: TensorOf<'convolution'> | TensorOf<'convolutionInputGradient'>,
  emit: Emitter,
): boolean {
  const [batch, , height, width] = imageShape(tensor.inputs[0], 'convolution');
  const [, weight] = tensor.inputs;
  return (
    emit.device === 'cpu' &&
    batch > 1 &&
    height * width <= FEW_PIXELS &&
    !isPrimitive(weight, 'constant') &&
    isPointwise(tensor.attributes, weight.shape)
  );
}

/** `[batch, channels, height, width]` → `[batch · pixels, channels]` */
function toRows(x: string, shape: Shape, emit: Emitter): string {
  const [batch, channels, height, width] = imageDimensions(shape);
  const last = height * width === 1 ? x : emit.transpose(x, [0, 2, 3, 1]);
  return emit.reshape(last, [batch * height * width, channels]);
}

/** The inverse of {@link toRows}, to an image batch of `shape`. */
function fromRows(rows: string, shape: Shape, emit: Emitter): string {
  const [batch, channels, height, width] = imageDimensions(shape);
  if (height * width === 1) return emit.reshape(rows, shape);
  return emit.transpose(emit.reshape(rows, [batch, height, width, channels]), [0, 3, 1, 2]);
}

function imageDimensions([batch = 1, channels = 1, height = 1, width = 1]: Shape) {
  return [batch, channels, height, width] as const;
}

/** y = x · Wᵀ + b over the rows of all images. */
export function lowerPointwise(
  tensor: TensorOf<'convolution'>,
  [x, weight, bias]: readonly string[],
  emit: Emitter,
): string {
  const [out, channels] = imageDimensions(tensor.inputs[1].shape);
  const rows = toRows(x ?? '', tensor.inputs[0].shape, emit);
  const matrix = emit.reshape(weight ?? '', [out, channels]);
  const operands = bias === undefined ? [rows, matrix] : [rows, matrix, bias];
  return fromRows(emit.node('Gemm', operands, { transB: 1 }), tensor.shape, emit);
}

/** dx = dy · W over the rows of all images. */
export function lowerPointwiseInputGradient(
  tensor: TensorOf<'convolutionInputGradient'>,
  [upstream, weight]: readonly [string, string],
  emit: Emitter,
): string {
  const [out, channels] = imageDimensions(tensor.inputs[1].shape);
  const rows = toRows(upstream, tensor.inputs[0].shape, emit);
  const product = emit.node('MatMul', [rows, emit.reshape(weight, [out, channels])]);
  return fromRows(product, tensor.shape, emit);
}

/**
 * dW = Σ_n dy_n · x_nᵀ. Over all images at once, dyᵀ · x with their pixels as rows, where putting them into rows moves
 * less than a matrix `[out, in]` per image is; else a product per image and their sum.
 */
export function lowerPointwiseWeightGradient(
  tensor: TensorOf<'convolutionWeightGradient'>,
  [x, upstream]: readonly [string, string],
  emit: Emitter,
): string {
  const [image, arriving] = tensor.inputs.map(({ shape }) => shape) as [Shape, Shape];
  const [batch, channels, height, width] = imageDimensions(tensor.inputs[0].shape);
  const out = tensor.inputs[1].shape[1] ?? 1;
  const pixels = height * width;
  if (batch > 1 && pixels * (channels + out) < channels * out) {
    const rows = { name: toRows(x, image, emit), rank: 2 };
    const gradients = { name: toRows(upstream, arriving, emit), rank: 2 };
    return emit.reshape(emitProduct(gradients, rows, { transposeA: true }, emit), tensor.shape);
  }
  const lead = batch === 1 ? [] : [batch];
  const rank = lead.length + 2;
  const columns = { name: emit.reshape(x, [...lead, channels, pixels]), rank };
  const gradients = { name: emit.reshape(upstream, [...lead, out, pixels]), rank };
  const product = emitProduct(gradients, columns, { transposeB: true }, emit);
  return emit.reshape(batch === 1 ? product : emit.sumOut(product, [0]), tensor.shape);
}
