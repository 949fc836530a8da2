import type { ConvolutionGeometry, Shape, TensorOf } from '../tensor/index.js';
import { imageShape, isPrimitive } from '../tensor/index.js';
import { fromBatchLast, mayLieBatchLast, toBatchLast } from './batch-last.js';
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

/** Images of so few pixels are brought into the form for it: a product per image would have too few columns. */
const FEW_PIXELS = 4;

/**
 * Whether a 1×1 convolution of an image, or its gradient in the input, is better written as one product of matrices over the
 * batch: where the image lies for it already, or has few pixels. Only where the weight is fed: constant ones ONNX Runtime
 * lays out for its own convolution.
 */
export function mixesAsOne(
  tensor: TensorOf<'convolution'> | TensorOf<'convolutionInputGradient'>,
  image: string,
  emit: Emitter,
): boolean {
  const [{ shape }, weight] = tensor.inputs;
  const [, , height, width] = imageShape(tensor.inputs[0], 'convolution');
  return (
    mayLieBatchLast(shape, emit) &&
    (height * width <= FEW_PIXELS || emit.batchLast.has(image)) &&
    !isPrimitive(weight, 'constant') &&
    isPointwise(tensor.attributes, weight.shape)
  );
}

/** `[batch, channels, height, width]` → `[channels, pixels · batch]` */
function mixable(name: string, shape: Shape, emit: Emitter): string {
  const [batch = 1, channels = 1, height = 1, width = 1] = shape;
  return emit.reshape(toBatchLast(name, shape, emit), [channels, height * width * batch]);
}

/** The inverse, given the shape of the image. */
function unmixed(name: string, shape: Shape, emit: Emitter): string {
  const [batch = 1, channels = 1, height = 1, width = 1] = shape;
  return fromBatchLast(emit.reshape(name, [channels, height * width, batch]), shape, emit);
}

/** y = W · x + b */
export function lowerPointwise(
  tensor: TensorOf<'convolution'>,
  [x = '', weight = '', bias]: readonly string[],
  emit: Emitter,
): string {
  const [out, into] = imageShape(tensor.inputs[1], 'convolution');
  const operands = [emit.reshape(weight, [out, into]), mixable(x, tensor.inputs[0].shape, emit)];
  const mixed =
    bias === undefined
      ? emit.node('MatMul', operands)
      : emit.node('Gemm', [...operands, emit.reshape(bias, [out, 1])]);
  return unmixed(mixed, tensor.shape, emit);
}

/** dx = Wᵀ · dy */
export function lowerPointwiseInputGradient(
  tensor: TensorOf<'convolutionInputGradient'>,
  [upstream, weight]: readonly [string, string],
  emit: Emitter,
): string {
  const [out, into] = imageShape(tensor.inputs[1], 'convolutionInputGradient');
  const matrix = emit.reshape(weight, [out, into]);
  const mixed = emitProduct(
    { name: matrix, rank: 2 },
    { name: mixable(upstream, tensor.inputs[0].shape, emit), rank: 2 },
    { transposeA: true },
    emit,
  );
  return unmixed(mixed, tensor.shape, emit);
}

/**
 * dW = Σ_n dy_n · x_nᵀ, over all images at once where moving the batch to the end costs less than a matrix `[out, in]` per
 * image does; else a product per image and their sum.
 */
export function lowerPointwiseWeightGradient(
  tensor: TensorOf<'convolutionWeightGradient'>,
  [x, upstream]: readonly [string, string],
  emit: Emitter,
): string {
  const [image, arriving] = tensor.inputs;
  const [batch, into, height, width] = imageShape(image, 'convolutionWeightGradient');
  const [, out] = imageShape(arriving, 'convolutionWeightGradient');
  const pixels = height * width;
  const lying = emit.batchLast.has(x) && emit.batchLast.has(upstream);
  const atOnce = batch > 1 && (lying || pixels * (into + out) < into * out);
  const lead = batch === 1 || atOnce ? [] : [batch];
  const matrix = (name: string, shape: Shape, channels: number) => ({
    name: atOnce ? mixable(name, shape, emit) : emit.reshape(name, [...lead, channels, pixels]),
    rank: lead.length + 2,
  });
  const product = emitProduct(
    matrix(upstream, arriving.shape, out),
    matrix(x, image.shape, into),
    { transposeB: true },
    emit,
  );
  return emit.reshape(lead.length === 0 ? product : emit.sumOut(product, [0]), tensor.shape);
}
