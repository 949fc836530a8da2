import { createHash, type Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

const pieceLength = 2 ** 20;

/**
 * Adds what a file holds, from its start to its end, to a hash.
 *
 * @param onPiece is given each piece, valid until it returns
 * @returns the number of bytes
 * @throws the error of the file system, or the reason of the signal
 */
export async function hashFile(
  file: FileHandle,
  hash: Hash,
  signal?: AbortSignal,
  onPiece: (piece: Uint8Array) => Promise<void> = async () => {},
): Promise<number> {
  const buffer = new Uint8Array(pieceLength);
  let length = 0;
  for (;;) {
    signal?.throwIfAborted();
    const { bytesRead } = await file.read(buffer, 0, pieceLength, length);
    if (bytesRead === 0) return length;
    const piece = buffer.subarray(0, bytesRead);
    hash.update(piece);
    await onPiece(piece);
    length += bytesRead;
  }
}

export function newHash(): Hash {
  return createHash('sha256');
}
