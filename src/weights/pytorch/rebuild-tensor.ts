import { bytesPerElement, elementsOf, mostDimensions, type StoredDtype } from '../stored-tensor.js';
import { PickleDict, PickleName, PickleTuple, type PickleValue } from './pickle-values.js';
import { shown } from '../../printable.js';
import { StorageReference, TensorReference } from './tensor-reference.js';
import type { Work } from './work.js';

/**
 * `torch._utils._rebuild_tensor_v2(storage, offset, size, stride, requires_grad, backward_hooks, metadata)`, and the
 * older form without the last three: the tensor as a reference, checked to lie inside of its storage.
 */
export function rebuildTensor(args: readonly PickleValue[], work: Work): TensorReference {
  const [storage] = args;
  if (!(storage instanceof StorageReference) || storage.dtype === undefined)
    throw work.damaged('a tensor has no storage');
  return referTo(storage, storage.dtype, args, args[6], work);
}

/** `_rebuild_tensor_v3`: as before, with the type of the numbers before the metadata, because the storage is of bytes. */
export function rebuildTensorOfBytes(args: readonly PickleValue[], work: Work): TensorReference {
  const [storage, , , , , , dtype] = args;
  if (!(storage instanceof StorageReference)) throw work.damaged('a tensor has no storage');
  if (!(dtype instanceof PickleName) || dtype.meaning.kind !== 'dtype')
    throw work.damaged('a tensor has no dtype');
  return referTo(storage, dtype.meaning.dtype, args, args[7], work);
}

/** `_rebuild_parameter(data, …)`: a parameter is its tensor. */
export function rebuildParameter([tensor]: readonly PickleValue[], work: Work): TensorReference {
  if (tensor instanceof TensorReference) return tensor;
  throw work.damaged('a parameter has no tensor');
}

/**
 * The storage that a persistent id names: `('storage', type, key, location, numel)`, in old files followed by a view
 * `(key, offset, size)` or None.
 */
export function storageOfPersistentId(id: PickleValue, work: Work): StorageReference {
  const [tag, type, key, , length, view = null] = id instanceof PickleTuple ? id.items : [];
  if (tag !== 'storage' || !(type instanceof PickleName) || type.meaning.kind !== 'storage')
    throw work.damaged('something stands outside of the pickle that is no storage');
  if (typeof key !== 'string' || !isCount(length)) throw work.damaged('a storage has no key or no length');
  const { dtype } = type.meaning;
  const bytes = length * (dtype === undefined ? 1 : bytesPerElement[dtype]);
  if (!Number.isSafeInteger(bytes)) throw work.damaged(`storage ${shown(key)} has an impossible length`);
  const offset = view instanceof PickleTuple ? view.items[1] : 0;
  if (!isCount(offset)) throw work.damaged(`storage ${shown(key)} is a view without an offset`);
  return new StorageReference(key, dtype, length, bytes, offset);
}

function referTo(
  storage: StorageReference,
  dtype: StoredDtype,
  [, offset, size, stride]: readonly PickleValue[],
  metadata: PickleValue | undefined,
  work: Work,
): TensorReference {
  const [shape, strides] = [counts(size), counts(stride)];
  if (!isCount(offset) || shape === undefined || strides?.length !== shape.length)
    throw work.damaged('a tensor has no offset, shape or strides that can be used');
  if (metadata instanceof PickleDict && metadata.entries.size > 0)
    throw work.damaged('a tensor is stored conjugated or negated, which is not supported');
  work.spend(2 * shape.length);
  const begin = storage.viewOffset + offset;
  // The last number that it looks at: offset + Σ (size − 1) · stride.
  const last = shape.reduce((at, length, axis) => at + (length - 1) * (strides[axis] ?? 0), begin);
  const elements = elementsOf(shape);
  if (
    !Number.isSafeInteger(elements) ||
    (elements > 0 && !((last + 1) * bytesPerElement[dtype] <= storage.byteLength))
  )
    throw work.damaged(
      `a tensor of shape [${shape.join(', ')}] reaches beyond its storage of ${storage.byteLength} bytes`,
    );
  return new TensorReference(storage, dtype, begin, shape, strides);
}

/** The whole numbers of a size; `torch.Size` is a tuple here. */
function counts(value: PickleValue | undefined): readonly number[] | undefined {
  if (!(value instanceof PickleTuple) || value.items.length > mostDimensions) return undefined;
  const numbers = value.items.filter(isCount);
  return numbers.length === value.items.length ? numbers : undefined;
}

function isCount(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
