import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { RevelaError } from './errors.js';
import { fileError, fileErrorCode } from './file-errors.js';

/**
 * Opens a file to be read, and nothing else: pipes, devices, sockets and folders are refused before anything waits for
 * them. The handle is the caller's to close.
 *
 * @throws RevelaError, one line, if it is missing, no regular file, or cannot be read
 */
export async function openRegular(
  path: string,
): Promise<{ readonly handle: FileHandle; readonly size: number }> {
  try {
    checkRegular(path, await stat(path));
    // What became a pipe since then does not keep the process either.
    const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const facts = await handle.stat();
      checkRegular(path, facts);
      return { handle, size: facts.size };
    } catch (error) {
      await handle.close();
      throw error;
    }
  } catch (error) {
    throw fileError(`cannot read ${path}`, error);
  }
}

/** Whether a file could not be opened because there is none. */
export function isMissing(error: unknown): boolean {
  return fileErrorCode(error instanceof RevelaError ? error.cause : error) === 'ENOENT';
}

/**
 * Refuses what is no regular file.
 *
 * @throws RevelaError, one line that says what it is
 */
export function checkRegular(path: string, facts: Stats): void {
  const kind = facts.isFile()
    ? undefined
    : facts.isDirectory()
      ? 'a folder'
      : facts.isFIFO()
        ? 'a pipe'
        : facts.isSocket()
          ? 'a socket'
          : 'a device';
  if (kind !== undefined) throw new RevelaError(`cannot read ${path}: it is ${kind}, not a file`);
}

/**
 * The bytes of a regular file.
 *
 * @param most more bytes are refused before they are read
 * @throws RevelaError as {@link openRegular}, and if the file is larger than that
 */
export async function readRegular(path: string, most = Number.POSITIVE_INFINITY): Promise<Buffer> {
  const { handle, size } = await openRegular(path);
  try {
    if (size > most)
      throw new RevelaError(
        `${path} has ${size.toLocaleString('en')} bytes, and files of this kind have at most ${most.toLocaleString('en')}; give the right one`,
      );
    return await handle.readFile();
  } catch (error) {
    throw fileError(`cannot read ${path}`, error);
  } finally {
    await handle.close();
  }
}
