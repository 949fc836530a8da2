import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** What the files of one run of Vitest share: each is a process, and the process that started them tells the run. */
export const runFolder = (run: number): string =>
  fileURLToPath(new URL(`../build/run-${run}`, import.meta.url));

/** Where {@link oncePerRun} puts what is called `name`. */
export const sharedFolder = (name: string): string => join(runFolder(process.ppid), name);

/**
 * Has a folder filled by the first file that asks for it; the others of the run find it, or wait until it is full.
 *
 * @example
 * beforeAll(() => oncePerRun('page', (folder) => buildPage(folder)));
 */
export async function oncePerRun(name: string, fill: (folder: string) => Promise<unknown>): Promise<void> {
  const [full, filling] = [sharedFolder(name), sharedFolder(`${name}.filling`)];
  await mkdir(runFolder(process.ppid), { recursive: true });
  while (!existsSync(full)) {
    const first = await mkdir(filling).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return false;
        throw error;
      },
    );
    // Another file is at it; where that fails, its folder goes and the next one tries.
    if (!first) await setTimeout(100);
    else if (existsSync(full)) await rm(filling, { recursive: true });
    else
      try {
        await fill(filling);
        await rename(filling, full);
      } catch (error) {
        await rm(filling, { recursive: true, force: true });
        throw error;
      }
  }
}
