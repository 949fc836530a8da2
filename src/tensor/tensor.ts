import type { Primitives, PrimitiveName } from './primitives.js';

/** Element types. Gradients flow through `float32` only. */
export type DType = 'float32' | 'int32' | 'int64' | 'bool';

/** Extents, outermost first; `[]` is a scalar. */
export type Shape = readonly number[];

/** Concrete numbers in row-major order, in the array type of their {@link DType}. `bool` is 0 or 1 in a `Uint8Array`. */
export type TensorData = Float32Array | Int32Array | BigInt64Array | Uint8Array;

/**
 * A symbolic tensor: one node of the graph that says what is computed. It is immutable, has a static shape,
 * and knows the tensors it is computed from.
 */
export interface TensorOf<P extends PrimitiveName> {
  readonly primitive: P;
  readonly inputs: Primitives[P]['inputs'];
  readonly attributes: Primitives[P]['attributes'];
  readonly shape: Shape;
  readonly dtype: DType;
}

/** A tensor computed by any primitive. */
export type Tensor = TensorOf<PrimitiveName>;

/** Makes the node; the operation that calls it has checked the inputs and worked out the shape. */
export function createTensor<P extends PrimitiveName>(
  primitive: P,
  inputs: Primitives[P]['inputs'],
  attributes: Primitives[P]['attributes'],
  shape: Shape,
  dtype: DType = 'float32',
): TensorOf<P> {
  return { primitive, inputs, attributes, shape, dtype };
}

/** True when `tensor` is computed by `primitive`; narrows its attributes and inputs. */
export function isPrimitive<P extends PrimitiveName>(
  tensor: Tensor,
  primitive: P,
): tensor is TensorOf<P> & Tensor {
  return tensor.primitive === primitive;
}

/** A tensor with its numbers, on the host. */
export interface TensorValue {
  readonly data: TensorData;
  readonly shape: Shape;
  readonly dtype: DType;
}

/** The same computation on other inputs, which must have the types of the ones they replace. */
export function rebuiltWith(tensor: Tensor, inputs: readonly Tensor[]): Tensor {
  if (inputs.length !== tensor.inputs.length)
    throw new RangeError(`${tensor.primitive}: expected ${tensor.inputs.length} inputs`);
  return inputs.every((input, i) => input === tensor.inputs[i]) ? tensor : { ...tensor, inputs: [...inputs] };
}
