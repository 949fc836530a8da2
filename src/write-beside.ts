import { randomUUID } from 'node:crypto';
import { open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const beside = { prefix: '.revela-', suffix: '.tmp' };

/**
 * Writes a file so that its name never stands for half of it: into a file beside it, flushed to the disk, then
 * renamed. On failure nothing is left behind and a former file of that name is as it was.
 *
 * @param chunks the bytes, written one after the other, so that a large file need not stand in memory twice
 * @throws the error of the file system
 */
export async function writeBeside(
  path: string,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  const temporary = join(dirname(path), `${beside.prefix}${randomUUID()}${beside.suffix}`);
  try {
    const file = await open(temporary, 'wx');
    try {
      await writeFile(file, chunks);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/**
 * Removes what {@link writeBeside} left in a folder when its process was killed in the middle of it. Only for
 * folders that no other process writes to.
 *
 * @throws the error of the file system
 */
export async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith(beside.prefix) && name.endsWith(beside.suffix)) await rm(join(folder, name));
  }
}
