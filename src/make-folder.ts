import { mkdir, mkdtemp, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RevelaError } from './errors.js';
import { fileErrorCode } from './file-errors.js';

/**
 * Makes a folder, and those that it lies in, unless they are there. Unlike Node's own way of doing so, what fails says
 * why: a read-only disk that it is read-only, and a place where nothing can be made does not keep it trying.
 *
 * @throws the error of the file system, or RevelaError where the system takes no folders in one that is there
 *
 * @example
 * await makeFolder('runs/garden/samples');
 */
export function makeFolder(path: string): Promise<void> {
  return make(path, false);
}

/** @param again whether the folder that it lies in was there when it was refused before: another may have made that just after */
async function make(path: string, again: boolean): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const code = fileErrorCode(error);
    const parent = dirname(path);
    if (code === 'ENOENT' && parent !== path) {
      const there = await isFolder(parent);
      if (there && again) throw takesNoFolders(parent, error);
      if (!there) await makeFolder(parent);
      return make(path, there);
    }
    // Whatever the system says of a folder that is there, such as that the disk is read-only: it is there.
    if (!(await isFolder(path))) throw error;
  }
}

/**
 * Checks that folders can be made in one that is there, by making one and taking it away: permissions alone do not say so,
 * as `/proc` and automounters have them.
 *
 * @throws as {@link makeFolder}
 */
export async function checkTakesFolders(parent: string): Promise<void> {
  const made = await mkdtemp(join(parent, '.revela-')).catch((error: unknown) => {
    throw fileErrorCode(error) === 'ENOENT' ? takesNoFolders(parent, error) : error;
  });
  await rmdir(made);
}

const takesNoFolders = (parent: string, cause: unknown): RevelaError =>
  new RevelaError(`the system lets no folder be made in ${parent}; choose another folder`, { cause });

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
