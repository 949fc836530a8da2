import type { Shape, TensorOf } from '../tensor/index.js';
import { elementCount } from '../tensor/index.js';
import type { Emitter } from './emitter.js';

/**
 * The image of a shape `[batch, channels, height, width]`, of which any but the batch may be 1, as
 * `[channels, pixels, batch]`.
 */
export function toBatchLast(name: string, shape: Shape, emit: Emitter): string {
  const [batch = 1, channels = 1, height = 1, width = 1] = shape;
  const columns = [channels, height * width, batch];
  const count = channels * height * width;
  const moved =
    batch === 1 || count === 1 ? name : emit.transpose(emit.reshape(name, [batch, count]), [1, 0]);
  return emit.reshape(moved, columns);
}

/** The inverse, given the shape of the result. */
export function fromBatchLast(name: string, shape: Shape, emit: Emitter): string {
  const [batch = 1, ...rest] = shape;
  const flat = emit.reshape(name, [elementCount(rest), batch]);
  return emit.reshape(emit.transpose(flat, [1, 0]), shape);
}

/** A sum over pixels, channels, everything but the channels, or everything, of an image that lies so. */
export function emitBatchLastSum(tensor: TensorOf<'sum'>, image: string, emit: Emitter): string {
  const [batch = 1, channels = 1, height = 1, width = 1] = tensor.inputs[0].shape;
  const summed = (form: string, axis: number): string =>
    emit.node('ReduceSum', [form, emit.integers([axis])], { keepdims: 1 });
  switch (tensor.attributes.axes.join()) {
    case '1':
      return summed(image, 0);
    case '2,3':
      return summed(image, 1);
    case '0,1,2,3':
      return emit.reshape(emit.sumOut(image, [0, 1, 2]), tensor.shape);
    default:
      return emit.reshape(summed(emit.reshape(image, [channels, height * width * batch]), 1), tensor.shape);
  }
}
