import { dirname } from 'node:path';
import { decodeSafetensors, type SafetensorsFile } from './decode-safetensors.js';
import { type SafetensorsContent, safetensorsChunks } from './encode.js';
import { fileError } from '../file-errors.js';
import { makeFolder } from '../make-folder.js';
import { headerLength, parseHeader, prefixLength, type SafetensorsHeader } from './header.js';
import { type OpenFile, withOpenFile } from './open-file.js';
import { type StoredTensor, tensorOfBuffer } from './stored-tensor.js';
import { writeBeside } from '../write-beside.js';

/** How much is read at once, which is more than most headers need. */
const firstRead = 64 * 1024;

/**
 * Reads a safetensors file, or one that is in memory already. Numbers are not looked at: see `assertFinite`.
 *
 * @throws RevelaError, one line, if the file is missing, cannot be read, is empty, truncated, damaged or of another
 *   kind
 *
 * @example
 * const { tensors, metadata } = await readSafetensors('denoiser.safetensors');
 * const bias = tensors.get('bsn.bias'); // { dtype: 'F32', shape: [3], data: Float32Array }
 */
export async function readSafetensors(pathOrBytes: string | Uint8Array): Promise<SafetensorsFile> {
  if (typeof pathOrBytes !== 'string') return decodeSafetensors(pathOrBytes);
  return withOpenFile(pathOrBytes, readOpenSafetensors);
}

/** The content of a safetensors file that is open. */
export async function readOpenSafetensors(file: OpenFile): Promise<SafetensorsFile> {
  const { tensors: entries, metadata } = await readHeader(file);
  const tensors = new Map<string, StoredTensor>();
  for (const [key, { dtype, shape, byteOffset, byteLength }] of entries) {
    tensors.set(key, tensorOfBuffer(dtype, shape, await file.read(byteOffset, byteLength)));
  }
  return { tensors, metadata };
}

/**
 * Reads only the header of a file: names, types, shapes and metadata, whatever the size of the file.
 *
 * @throws RevelaError as {@link readSafetensors}
 *
 * @example
 * const { tensors, metadata } = await readSafetensorsHeader('denoiser.safetensors');
 */
export async function readSafetensorsHeader(path: string): Promise<SafetensorsHeader> {
  return withOpenFile(path, readHeader);
}

/**
 * Writes a safetensors file. It appears whole or not at all; a former file of that name is replaced, a missing folder
 * is made. The tensors must not change until it is done.
 *
 * @throws RevelaError, one line, if the folder cannot be written or the disk is full
 * @throws RangeError as `encodeSafetensors`
 *
 * @example
 * await writeSafetensors('denoiser.safetensors', { tensors, metadata: { network: 'dbsnl' } });
 */
export async function writeSafetensors(path: string, content: SafetensorsContent): Promise<void> {
  const chunks = safetensorsChunks(content);
  try {
    await makeFolder(dirname(path));
    await writeBeside(path, chunks);
  } catch (error) {
    throw fileError(`cannot write ${path}`, error);
  }
}

/** The header of a safetensors file that is open. */
export async function readHeader({ name, size, read }: OpenFile): Promise<SafetensorsHeader> {
  const start = new Uint8Array(await read(0, Math.min(size, firstRead)));
  const length = headerLength(start, size, name);
  const header =
    prefixLength + length <= start.length
      ? start.subarray(prefixLength, prefixLength + length)
      : new Uint8Array(await read(prefixLength, length));
  return parseHeader(header, size, name);
}
