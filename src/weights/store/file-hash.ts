import { createHash, type Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

const pieceLength = 2 ** 20;

/**
 * Adds what a file holds, from its start to its end, to a hash.
 *
 * @returns the number of bytes
 * @throws the error of the file system, or the reason of the signal
 */
export async function hashFile(file: FileHandle, hash: Hash, signal?: AbortSignal): Promise<number> {
  const buffer = new Uint8Array(pieceLength);
  let length = 0;
  for (;;) {
    signal?.throwIfAborted();
    const { bytesRead } = await file.read(buffer, 0, pieceLength, length);
    if (bytesRead === 0) return length;
    hash.update(buffer.subarray(0, bytesRead));
    length += bytesRead;
  }
}

export function newHash(): Hash {
  return createHash('sha256');
}

/** A file's bytes and its SHA-256 in 64 hexadecimal digits. */
export async function measureFile(
  file: FileHandle,
  signal?: AbortSignal,
): Promise<{ readonly size: number; readonly sha256: string }> {
  const hash = newHash();
  const size = await hashFile(file, hash, signal);
  return { size, sha256: hash.digest('hex') };
}
