import type { Shape } from '../tensor/index.js';
import { elementCount } from '../tensor/index.js';
import type { Emitter } from './emitter.js';

/**
 * `[batch, …rest]` → `[…rest, batch]`, flat: the form in which small images are one matrix, `[channels · pixels, batch]`.
 * It is made once; where the value came out of this form, that is what is returned.
 */
export function toBatchLast(name: string, [batch = 1, ...rest]: Shape, emit: Emitter): string {
  const known = emit.batchLast.get(name);
  if (known !== undefined) return known;
  const moved = emit.transpose(emit.reshape(name, [batch, elementCount(rest)]), [1, 0]);
  emit.batchLast.set(name, moved);
  return moved;
}

/** The inverse: `[…rest, batch]` → `[batch, …rest]`, given the shape of the result. */
export function fromBatchLast(name: string, shape: Shape, emit: Emitter): string {
  const [batch = 1, ...rest] = shape;
  const flat = emit.reshape(name, [elementCount(rest), batch]);
  const result = emit.reshape(emit.transpose(flat, [1, 0]), shape);
  emit.batchLast.set(result, flat);
  return result;
}
