import { RevelaError } from '../../errors.js';
import { bytesPerElement, elementsOf, type StoredTensor } from '../stored-tensor.js';
import { tensorOfStorage } from './strided.js';
import type { StorageReference, TensorReference } from './tensor-reference.js';

/** Reads the bytes of a storage, exactly as many as it says. */
export type ReadStorage = (storage: StorageReference) => Promise<ArrayBuffer>;

/** How many times the size of its file a checkpoint's tensors may take in memory, besides a few MiB. */
const mostExpansion = 16;
const freeExpansion = 64 * 2 ** 20;

/**
 * Reads tensors; each storage once and only while its tensors are taken from it, however many share it.
 *
 * @throws RevelaError if they would take far more memory than their file has bytes: a small file of views that repeat
 *   their numbers, or of zeros that are packed well, could otherwise fill any memory
 */
export async function readTensors(
  references: ReadonlyMap<string, TensorReference>,
  readStorage: ReadStorage,
  file: { readonly name: string; readonly size: number },
): Promise<Map<string, StoredTensor>> {
  const byStorage = new Map<string, { storage: StorageReference; users: [string, TensorReference][] }>();
  let bytes = 0;
  for (const [key, tensor] of references) {
    const group = byStorage.get(tensor.storage.key) ?? { storage: tensor.storage, users: [] };
    byStorage.set(tensor.storage.key, group);
    group.users.push([key, tensor]);
    if (group.users.length === 1) bytes += tensor.storage.byteLength;
    bytes += elementsOf(tensor.shape) * bytesPerElement[tensor.dtype];
  }
  const most = mostExpansion * file.size + freeExpansion;
  if (bytes > most)
    throw new RevelaError(
      `${file.name}: its tensors would take ${bytes} bytes of memory, and a file of ${file.size} bytes may take ${most} at most; ` +
        'save contiguous tensors, or as safetensors',
    );
  const tensors = new Map<string, StoredTensor>();
  for (const { storage, users } of byStorage.values()) {
    const numbers = await readStorage(storage);
    for (const [key, reference] of users) tensors.set(key, tensorOfStorage(reference, numbers));
  }
  return new Map([...references.keys()].flatMap((key) => entryOf(tensors, key)));
}

function entryOf<Value>(map: ReadonlyMap<string, Value>, key: string): [string, Value][] {
  const value = map.get(key);
  return value === undefined ? [] : [[key, value]];
}
