import type { Shape, TensorOf } from '../tensor/index.js';
import { imageShape } from '../tensor/index.js';
import type { Emitter } from './emitter.js';
import { emitProduct } from './lower-matmul.js';

interface Of<T> {
  readonly tensor: T;
}

/** `[channels, pixels, batch]` → `[channels, pixels · batch]` */
function mixable(name: string, shape: Shape, emit: Emitter): string {
  const [batch = 1, channels = 1, height = 1, width = 1] = shape;
  return emit.reshape(name, [channels, height * width * batch]);
}

/** The inverse, given the shape of the image. */
function unmixed(name: string, shape: Shape, emit: Emitter): string {
  const [batch = 1, channels = 1, height = 1, width = 1] = shape;
  return emit.reshape(name, [channels, height * width, batch]);
}

/** y = W · x + b, of an image whose batch comes last. */
export function emitMix(
  { tensor }: Of<TensorOf<'convolution'>>,
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

/** dx = Wᵀ · dy, of a gradient whose batch comes last. */
export function emitMixBack(
  { tensor }: Of<TensorOf<'convolutionInputGradient'>>,
  [upstream = '', weight = '']: readonly string[],
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

/** dW = Σ_n dy_n · x_nᵀ as one product over all images, whose batches come last. */
export function emitMixedWeightGradient(
  { tensor }: Of<TensorOf<'convolutionWeightGradient'>>,
  [x = '', upstream = '']: readonly string[],
  emit: Emitter,
): string {
  const [image, arriving] = tensor.inputs;
  const product = emitProduct(
    { name: mixable(upstream, arriving.shape, emit), rank: 2 },
    { name: mixable(x, image.shape, emit), rank: 2 },
    { transposeB: true },
    emit,
  );
  return emit.reshape(product, tensor.shape);
}

/** The same as a product per image and their sum. */
export function emitWeightGradientPerImage(
  { tensor }: Of<TensorOf<'convolutionWeightGradient'>>,
  [x = '', upstream = '']: readonly string[],
  emit: Emitter,
): string {
  const [batch, into, height, width] = imageShape(tensor.inputs[0], 'convolutionWeightGradient');
  const [, out] = imageShape(tensor.inputs[1], 'convolutionWeightGradient');
  const lead = batch === 1 ? [] : [batch];
  const matrix = (name: string, channels: number) => ({
    name: emit.reshape(name, [...lead, channels, height * width]),
    rank: lead.length + 2,
  });
  const product = emitProduct(matrix(upstream, out), matrix(x, into), { transposeB: true }, emit);
  return emit.reshape(lead.length === 0 ? product : emit.sumOut(product, [0]), tensor.shape);
}
