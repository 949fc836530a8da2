import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Writes a file so that its name never stands for half of it: into a file beside it, flushed to the disk, then
 * renamed. On failure nothing is left behind and a former file of that name is as it was.
 *
 * @throws the error of the file system
 */
export async function writeBeside(path: string, bytes: Uint8Array): Promise<void> {
  const beside = join(dirname(path), `.revela-${randomUUID()}.tmp`);
  try {
    const file = await open(beside, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}
