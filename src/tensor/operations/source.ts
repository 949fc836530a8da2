import { elementCount, formatShape } from '../shape.js';
import type { DType, Shape, Tensor, TensorData } from '../tensor.js';
import { createTensor } from '../tensor.js';

/** A number where a tensor is expected stands for a scalar of the other operand's type. */
export type Operand = Tensor | number;

/** A value fed at run time. Names of inputs must differ within a program. */
export function input(name: string, shape: Shape, dtype: DType = 'float32'): Tensor {
  for (const extent of shape)
    if (!Number.isInteger(extent) || extent < 1)
      throw new RangeError(
        `input ${name}: every extent must be a positive integer, got ${formatShape(shape)}`,
      );
  return createTensor('input', [], { name }, shape, dtype);
}

const dtypeOf = (data: TensorData): DType =>
  data instanceof Float32Array
    ? 'float32'
    : data instanceof Int32Array
      ? 'int32'
      : data instanceof BigInt64Array
        ? 'int64'
        : 'bool';

/**
 * Numbers known when the program is written. `data` is row-major and must not be changed afterwards.
 *
 * @example
 * const identity = constant(Float32Array.of(1, 0, 0, 1), [2, 2]);
 */
export function constant(data: TensorData, shape: Shape): Tensor {
  if (data.length !== elementCount(shape))
    throw new RangeError(`constant: ${data.length} numbers do not fill shape ${formatShape(shape)}`);
  return createTensor('constant', [], { data }, shape, dtypeOf(data));
}

/** A scalar constant. */
export function scalar(value: number, dtype: DType = 'float32'): Tensor {
  switch (dtype) {
    case 'float32':
      return constant(Float32Array.of(value), []);
    case 'int32':
      return constant(Int32Array.of(value), []);
    case 'int64':
      return constant(BigInt64Array.of(BigInt(value)), []);
    case 'bool':
      return constant(Uint8Array.of(value), []);
  }
}

/** One value everywhere. */
export function filled(value: number, shape: Shape): Tensor {
  return constant(new Float32Array(elementCount(shape)).fill(value), shape);
}

/** The tensor itself; gradients do not flow through. */
export function stopGradient(x: Tensor): Tensor {
  return createTensor('stopGradient', [x], {}, x.shape, x.dtype);
}
