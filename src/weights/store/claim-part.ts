import { randomUUID } from 'node:crypto';
import { lstat, readdir, rename, rm, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileErrorCode } from '../../file-errors.js';
import { makeFolder } from '../../make-folder.js';
import { dropForeignFiles, partBytes } from './part.js';

// A part is a folder. Kept for later it is called `part`; whoever works on it renames it to a name of its own, which
// only one process can do, so that two never write to the same file and no lock can be left behind.

const kept = 'part';
const own = /^part\.([A-Za-z0-9-]+)\.(\d+)\.[0-9a-f-]+$/;
/** A download that has not written for so long stands still, and nobody waits for it. */
const stillMilliseconds = 300_000;

const host =
  hostname()
    .replace(/[^A-Za-z0-9-]/g, '-')
    .slice(0, 60) || 'host';

interface FoundPart {
  readonly folder: string;
  readonly length: number;
  /** Whether nobody works on it. */
  readonly free: boolean;
  /** Whether somebody wrote to it lately. */
  readonly active: boolean;
}

/**
 * Takes over the longest part that nobody works on, or makes an empty one.
 *
 * @param home the model's folder, which exists
 * @returns the folder of the part, which belongs to this call alone
 * @throws the error of the file system
 */
export async function claimPart(home: string): Promise<string> {
  const mine = join(home, `${kept}.${host}.${process.pid}.${randomUUID()}`);
  const free = (await partsIn(home)).filter((part) => part.free).sort((a, b) => b.length - a.length);
  for (const { folder } of free) {
    try {
      await rename(folder, mine);
      await dropForeignFiles(mine);
      const now = new Date();
      await utimes(partBytes(mine), now, now).catch(() => {}); // for who wants to know whether somebody is at work
      return mine;
    } catch (error) {
      if (fileErrorCode(error) !== 'ENOENT') throw error; // another process was faster
    }
  }
  await makeFolder(mine); // another process may have removed the folder, empty as it was
  return mine;
}

/**
 * Keeps a part for later, if something is in it; of two the longer one.
 *
 * @throws the error of the file system
 */
export async function releasePart(home: string, mine: string): Promise<void> {
  const length = await lengthOf(mine);
  if (length === 0 || length < (await lengthOf(join(home, kept)))) {
    await rm(mine, { recursive: true, force: true });
    return;
  }
  // A folder cannot be renamed onto one that is not empty.
  await rm(join(home, kept), { recursive: true, force: true });
  await rename(mine, join(home, kept)).catch(async (error: unknown) => {
    if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(fileErrorCode(error) ?? '')) throw error;
    await rm(mine, { recursive: true, force: true }); // another process kept its own in the same moment
  });
}

/** Removes the parts that nobody works on, once the file is whole. */
export async function removeFreeParts(home: string): Promise<void> {
  for (const { folder, free } of await partsIn(home))
    if (free) await rm(folder, { recursive: true, force: true });
}

/** Whether somebody, in this process or another one, is downloading into a model's folder. */
export async function isBeingPulled(home: string): Promise<boolean> {
  return (await partsIn(home)).some(({ active }) => active);
}

/** Bytes that a new download of a model would not have to fetch again. */
export async function keptBytes(home: string): Promise<number> {
  return Math.max(0, ...(await partsIn(home)).map(({ length }) => length));
}

async function partsIn(home: string): Promise<readonly FoundPart[]> {
  const entries = await readdir(home, { withFileTypes: true }).catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes(fileErrorCode(error) ?? '')) return [];
    throw error;
  });
  const parts: FoundPart[] = [];
  for (const entry of entries) {
    // A part that is a link leads out of the store.
    if (!entry.isDirectory()) continue;
    const { name } = entry;
    const folder = join(home, name);
    const [, owner, pid] = own.exec(name) ?? [];
    if (name === kept) parts.push({ folder, length: await lengthOf(folder), free: true, active: false });
    else if (owner !== undefined) {
      // Of a process elsewhere nobody can tell whether it lives, so its part is its own for ever.
      const lives = owner !== host || isAlive(Number(pid));
      const active = lives && Date.now() - (await lastWrite(folder)) < stillMilliseconds;
      parts.push({ folder, length: await lengthOf(folder), free: !lives, active });
    }
  }
  return parts;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return fileErrorCode(error) === 'EPERM'; // it lives and is another user's
  }
}

async function lengthOf(folder: string): Promise<number> {
  const facts = await lstat(partBytes(folder)).catch(() => undefined);
  return facts?.isFile() === true ? facts.size : 0;
}

async function lastWrite(folder: string): Promise<number> {
  const facts =
    (await lstat(partBytes(folder)).catch(() => undefined)) ?? (await lstat(folder).catch(() => undefined));
  return facts?.mtimeMs ?? 0;
}
