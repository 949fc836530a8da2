import { bytesPerElement, elementsOf, type StoredTensor, tensorOfBuffer } from '../stored-tensor.js';
import type { TensorReference } from './tensor-reference.js';

/** The numbers of a view, copied out of its storage into row-major order. */
export function tensorOfStorage(
  { dtype, offset, shape, strides }: TensorReference,
  storage: ArrayBuffer,
): StoredTensor {
  const width = bytesPerElement[dtype];
  const count = elementsOf(shape);
  if (count === 0 || isContiguous(shape, strides))
    return tensorOfBuffer(dtype, shape, storage.slice(offset * width, (offset + count) * width));
  const target = new ArrayBuffer(count * width);
  const words = Math.floor(storage.byteLength / width);
  const view = { offset, shape, strides };
  switch (width) {
    case 1:
      gather(new Uint8Array(storage, 0, words), new Uint8Array(target), view);
      break;
    case 2:
      gather(new Uint16Array(storage, 0, words), new Uint16Array(target), view);
      break;
    case 4:
      gather(new Uint32Array(storage, 0, words), new Uint32Array(target), view);
      break;
    case 8:
      gather(new BigUint64Array(storage, 0, words), new BigUint64Array(target), view);
      break;
  }
  return tensorOfBuffer(dtype, shape, target);
}

/** Whether the numbers lie in row-major order without gaps; how far an axis of one number steps does not matter. */
function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] ?? 1;
    if (size !== 1 && strides[axis] !== expected) return false;
    expected *= size;
  }
  return true;
}

/** Copies the number at offset + Σ index · stride for every index, in row-major order. */
function gather<Word>(
  source: ArrayLike<Word>,
  target: { [index: number]: Word },
  { offset, shape, strides }: Pick<TensorReference, 'offset' | 'shape' | 'strides'>,
): void {
  let at = 0;
  const copyFrom = (axis: number, place: number): void => {
    const [size, stride] = [shape[axis], strides[axis] ?? 0];
    if (size === undefined) {
      const word = source[place];
      if (word !== undefined) target[at] = word;
      at++;
    } else for (let i = 0; i < size; i++) copyFrom(axis + 1, place + i * stride);
  };
  copyFrom(0, offset);
}
