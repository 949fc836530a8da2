import { fileError } from '../file-errors.js';
import { openRegular } from '../regular-file.js';
import { truncated } from './truncated.js';

/** Node reads less than 2 GiB at once. */
const largestRead = 2 ** 30;

/** Bytes that can be read anywhere: a file that is open, or memory. */
export interface OpenFile {
  /** What errors call it. */
  readonly name: string;
  readonly size: number;
  /**
   * So many bytes in a buffer of their own.
   *
   * @throws RevelaError if the file ends before
   */
  read(offset: number, length: number): Promise<ArrayBuffer>;
}

/**
 * Opens a file for as long as work on it takes.
 *
 * @throws RevelaError, one line, if it is missing, no regular file, or cannot be read
 */
export async function withOpenFile<Result>(
  path: string,
  use: (file: OpenFile) => Promise<Result>,
): Promise<Result> {
  try {
    const { handle, size } = await openRegular(path);
    try {
      const read = async (offset: number, length: number): Promise<ArrayBuffer> => {
        if (offset + length > size) throw truncated(path, offset + length, size, 'at least ');
        const bytes = new Uint8Array(length);
        let done = 0;
        while (done < length) {
          // Reads may come in pieces; one of 0 bytes means that the file ends.
          const piece = Math.min(length - done, largestRead);
          const { bytesRead } = await handle.read(bytes, done, piece, offset + done);
          if (bytesRead === 0) throw truncated(path, offset + length, offset + done, 'at least ');
          done += bytesRead;
        }
        return bytes.buffer;
      };
      return await use({ name: path, size, read });
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw fileError(`cannot read ${path}`, error);
  }
}

/** Bytes in memory, read as a file is; what is read are copies. */
export function fileOfBytes(bytes: Uint8Array, name: string): OpenFile {
  return {
    name,
    size: bytes.length,
    async read(offset, length) {
      if (offset + length > bytes.length) throw truncated(name, offset + length, bytes.length, 'at least ');
      const copy = new Uint8Array(length);
      copy.set(bytes.subarray(offset, offset + length));
      return copy.buffer;
    },
  };
}
