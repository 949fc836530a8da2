import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RevelaError } from '../errors.js';
import { type SafetensorsContent, safetensorsChunks } from './encode.js';
import { fileError } from '../file-errors.js';
import { headerLength, parseHeader, prefixLength, type SafetensorsHeader, truncated } from './header.js';
import { type StoredTensor, tensorOfBuffer } from './stored-tensor.js';
import { writeBeside } from '../write-beside.js';

/** The content of a safetensors file; every tensor has memory of its own. */
export interface SafetensorsFile {
  /** By name, in the order of the file's header. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

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
  return openForReading(pathOrBytes, async (file, size) => {
    const { tensors: entries, metadata } = await readHeader(file, size, pathOrBytes);
    const tensors = new Map<string, StoredTensor>();
    for (const [key, { dtype, shape, byteOffset, byteLength }] of entries) {
      const buffer = await readBytes(file, byteOffset, byteLength, pathOrBytes);
      tensors.set(key, tensorOfBuffer(dtype, shape, buffer));
    }
    return { tensors, metadata };
  });
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
  return openForReading(path, (file, size) => readHeader(file, size, path));
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
    await mkdir(dirname(path), { recursive: true });
    await writeBeside(path, chunks);
  } catch (error) {
    throw fileError(`cannot write ${path}`, error);
  }
}

async function openForReading<Result>(
  path: string,
  read: (file: FileHandle, size: number) => Promise<Result>,
): Promise<Result> {
  try {
    const file = await open(path, 'r');
    try {
      const facts = await file.stat();
      if (facts.isDirectory()) throw new RevelaError(`cannot read ${path}: it is a folder, not a file`);
      return await read(file, facts.size);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileError(`cannot read ${path}`, error);
  }
}

async function readHeader(file: FileHandle, size: number, name: string): Promise<SafetensorsHeader> {
  const start = new Uint8Array(await readBytes(file, 0, Math.min(size, firstRead), name));
  const length = headerLength(start, size, name);
  const header =
    prefixLength + length <= start.length
      ? start.subarray(prefixLength, prefixLength + length)
      : new Uint8Array(await readBytes(file, prefixLength, length, name));
  return parseHeader(header, size, name);
}

/** Bytes of a file in a buffer of their own. Reads may come in pieces; one of 0 bytes means that the file ends. */
async function readBytes(
  file: FileHandle,
  offset: number,
  length: number,
  name: string,
): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) throw truncated(name, offset + length, offset + done, 'at least ');
    done += bytesRead;
  }
  return bytes.buffer;
}
