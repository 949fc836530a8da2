import { randomUUID } from 'node:crypto';
import { link, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { existsAlready, fileErrorCode } from './file-errors.js';
import { isRunning, thisProcess } from './process-identity.js';

/** A file that is being written says in its name by whom, so that everybody can tell when it is nobody's. */
const pattern = /^\.revela-(?:([0-9a-f]{12})-(\d+)-(\d+)-)?[0-9a-f]{8}-[0-9a-f-]{27}\.tmp$/;

function temporaryName(): string {
  const { place, pid, started } = thisProcess();
  return `.revela-${place}-${pid}-${started}-${randomUUID()}.tmp`;
}

/** Milliseconds after which a file that a process elsewhere has not written to any more is nobody's. */
const abandonedAfter = 3_600_000;

/** The folders that were swept by this process: once is enough, and in one of many files a look takes time. */
const swept = new Set<string>();

/**
 * Writes a file so that its name never stands for half of it: into a file beside it, flushed to the disk, then
 * renamed. On failure nothing is left behind and a former file of that name is as it was. What a process that was killed
 * in the middle of this left in the folder is swept away.
 *
 * @param chunks the bytes, written one after the other, so that a large file need not stand in memory twice
 * @param options `replace`: whether a file of that name is replaced; default true. Otherwise of several that write it at once one does
 * @throws RevelaError where it is there and is not to be replaced; the error of the file system
 */
export async function writeBeside(
  path: string,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  { replace = true }: { readonly replace?: boolean | undefined } = {},
): Promise<void> {
  const folder = dirname(path);
  if (!swept.has(resolve(folder))) {
    swept.add(resolve(folder));
    await removeLeftovers(folder).catch(() => {}); // that it cannot be written to is told by who writes
  }
  const temporary = join(folder, temporaryName());
  try {
    const file = await open(temporary, 'wx');
    try {
      await writeFile(file, chunks);
      await file.sync();
    } finally {
      await file.close();
    }
    await (replace ? rename(temporary, path) : name(temporary, path));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** What file systems without hard links answer where they are asked for one. */
const linkless: ReadonlySet<string | undefined> = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EXDEV',
]);

/** Gives a file a name that no other has: unlike a look and a renaming, a link leaves no moment for another to take it. */
async function name(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path).catch(async (error: unknown) => {
      if (!linkless.has(fileErrorCode(error))) throw error;
      await (await open(path, 'wx')).close(); // the name is taken, by an empty file of one's own
      await rename(temporary, path).catch(async (failure: unknown) => {
        await rm(path, { force: true });
        throw failure;
      });
    });
  } catch (error) {
    throw fileErrorCode(error) === 'EEXIST' ? existsAlready(path) : error;
  }
  await rm(temporary, { force: true });
}

/**
 * Removes what {@link writeBeside} left in a folder when its process was killed in the middle of it. What a process still
 * writes stays, on this machine and on others.
 *
 * @throws the error of the file system
 */
export async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (await isAbandoned(path, pattern.exec(name))) await rm(path, { force: true });
  }
}

async function isAbandoned(path: string, match: RegExpExecArray | null): Promise<boolean> {
  if (match === null) return false;
  const [, place, pid, started = '0'] = match;
  const runs = place === undefined ? undefined : isRunning({ place, pid: Number(pid), started });
  if (runs !== undefined) return !runs;
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > abandonedAfter;
}
