import { elementCount } from './shape.js';
import type { DType, Tensor } from './tensor.js';
import { isPrimitive } from './tensor.js';
import { topologicalOrder } from './walk.js';

const bytesOf: { readonly [D in DType]: number } = { float32: 4, int32: 4, int64: 8, bool: 1 };

/** The bytes that a tensor's numbers take. */
export function byteCount({ shape, dtype }: Tensor): number {
  return elementCount(shape) * bytesOf[dtype];
}

/**
 * The most bytes that the tensors between inputs and outputs take at one moment, if they are computed one after another
 * and each is dropped after its last use. Inputs and constants are left out. A runtime that works in place needs less, one
 * that copies into layouts of its own more.
 *
 * @example
 * peakBytes([relu(conv2d(x, weight))]); // both results at once, while the second is made of the first
 */
export function peakBytes(outputs: readonly Tensor[]): number {
  const order = topologicalOrder(outputs);
  const lastUse = new Map<Tensor, number>();
  for (const [position, tensor] of order.entries())
    for (const input of tensor.inputs) lastUse.set(input, position);
  for (const output of outputs) lastUse.set(output, order.length);
  const sizeOf = (tensor: Tensor): number =>
    isPrimitive(tensor, 'input') || isPrimitive(tensor, 'constant') ? 0 : byteCount(tensor);
  let [live, peak] = [0, 0];
  for (const [position, tensor] of order.entries()) {
    live += sizeOf(tensor);
    peak = Math.max(peak, live);
    for (const input of new Set(tensor.inputs)) if (lastUse.get(input) === position) live -= sizeOf(input);
  }
  return peak;
}
