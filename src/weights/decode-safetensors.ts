import { headerLength, parseHeader, prefixLength } from './header.js';
import { type StoredTensor, tensorOfBuffer } from './stored-tensor.js';

/** The content of a safetensors file; every tensor has memory of its own. */
export interface SafetensorsFile {
  /** By name, in the order of the file's header. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads the bytes of a safetensors file. The tensors are copies, so the bytes may lie anywhere and be changed later.
 *
 * @param name what to call the bytes in errors
 * @throws RevelaError as {@link readSafetensors}
 */
export function decodeSafetensors(bytes: Uint8Array, name = 'the safetensors data'): SafetensorsFile {
  const length = headerLength(bytes.subarray(0, prefixLength + 1), bytes.length, name);
  const dataStart = prefixLength + length;
  const header = parseHeader(bytes.subarray(prefixLength, dataStart), bytes.length, name);
  const tensors = new Map<string, StoredTensor>();
  for (const [key, { dtype, shape, byteOffset, byteLength }] of header.tensors) {
    const copy = new Uint8Array(byteLength);
    copy.set(bytes.subarray(byteOffset, byteOffset + byteLength));
    tensors.set(key, tensorOfBuffer(dtype, shape, copy.buffer));
  }
  return { tensors, metadata: header.metadata };
}
