import type { StoredDtype } from '../stored-tensor.js';

/** Numbers that lie beside a pickle, under a key. */
export class StorageReference {
  readonly kind = 'storage';
  constructor(
    readonly key: string,
    /** Undefined for a storage of bytes, whose tensors say what they are. */
    readonly dtype: StoredDtype | undefined,
    /** Numbers in it; bytes where it has no dtype. */
    readonly elements: number,
    readonly byteLength: number,
    /** Where in the stored numbers this one begins, in elements: old files have storages that are views of others. */
    readonly viewOffset: number,
  ) {}
}

/** A tensor whose numbers have not been read: a view of a storage. Offsets and strides count elements. */
export class TensorReference {
  readonly kind = 'tensor';
  constructor(
    readonly storage: StorageReference,
    readonly dtype: StoredDtype,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}
}
