import type * as Ort from 'onnxruntime-common';
import type { DType, TensorData, TensorValue } from '../tensor/index.js';

/** What the runtime needs of `onnxruntime-node`, and what `onnxruntime-web` has as well. */
export type OrtModule = Pick<typeof Ort, 'InferenceSession' | 'Tensor'>;

/** ONNX Runtime refuses memory that threads share, so such numbers are copied first. */
function unshared<D extends TensorData>(data: D): TensorData {
  return typeof SharedArrayBuffer !== 'undefined' && data.buffer instanceof SharedArrayBuffer
    ? data.slice()
    : data;
}

/** Numbers as ONNX Runtime takes them; not copied unless shared. */
export function toOrt(ort: OrtModule, { data, shape, dtype }: TensorValue): Ort.Tensor {
  const own = unshared(data);
  const expected = { float32: Float32Array, int32: Int32Array, int64: BigInt64Array, bool: Uint8Array }[
    dtype
  ];
  if (!(own instanceof expected))
    throw new TypeError(`a ${dtype} tensor needs a ${expected.name}, got a ${own.constructor.name}`);
  return new ort.Tensor(dtype, own, [...shape]);
}

/** The numbers of a tensor that lies in main memory; not copied. */
export function fromOrt(tensor: Ort.Tensor): TensorValue {
  const { data, dims } = tensor;
  if (
    data instanceof Float32Array ||
    data instanceof Int32Array ||
    data instanceof BigInt64Array ||
    data instanceof Uint8Array
  )
    return { data, shape: [...dims], dtype: dtypeOf(tensor) };
  throw new TypeError(`a program gave a tensor of type ${tensor.type}, which Revela has no use for`);
}

/** The element type, when it is one that programs have. */
export function dtypeOf({ type }: Ort.Tensor): DType {
  if (type === 'float32' || type === 'int32' || type === 'int64' || type === 'bool') return type;
  throw new TypeError(`a program gave a tensor of type ${type}, which Revela has no use for`);
}
