import { randomUUID } from 'node:crypto';
import { lstat, readdir, rename, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { fileErrorCode } from '../../file-errors.js';
import { isRunning, thisProcess } from '../../process-identity.js';
import { makeFolder } from '../../make-folder.js';
import { dropForeignFiles, partBytes } from './part.js';

// A part is a folder. Kept for later it is called `part`; whoever works on it renames it to a name of its own, which
// only one process can do, so that two never write to the same file and no lock can be left behind.

const kept = 'part';
const own = /^part\.([A-Za-z0-9-]+)\.([0-9a-f]{12})\.(\d+)\.(\d+)\.[0-9a-f-]+$/;
/** A download that has not written for so long stands still, and nobody waits for it. */
const stillMilliseconds = 300_000;
/** After so long without a byte, a process that nobody here can look at is taken for dead: downloads give up much sooner. */
const deadMilliseconds = 3_600_000;

/** The name of a part that this process works on. */
function ownName(): string {
  const { host, place, pid, started } = thisProcess();
  const plain = host.replace(/[^A-Za-z0-9-]/g, '-').slice(0, 60) || 'host';
  return `${kept}.${plain}.${place}.${pid}.${started}.${randomUUID()}`;
}

interface FoundPart {
  readonly folder: string;
  readonly length: number;
  /** Whether nobody works on it. */
  readonly free: boolean;
  /** Who writes to it, if somebody did so lately, in words. */
  readonly writer?: string;
}

/**
 * Takes over the longest part that nobody works on, or makes an empty one.
 *
 * @param home the model's folder, which exists
 * @returns the folder of the part, which belongs to this call alone
 * @throws the error of the file system
 */
export async function claimPart(home: string): Promise<string> {
  const mine = join(home, ownName());
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

/** Who is downloading into a model's folder, in this process or another one, in words; `undefined` if nobody is. */
export async function pullerOf(home: string): Promise<string | undefined> {
  return (await partsIn(home)).find(({ writer }) => writer !== undefined)?.writer;
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
    if (name === kept) parts.push({ folder, length: await lengthOf(folder), free: true });
    else if (name.startsWith(`${kept}.`)) parts.push(await partOfProcess(folder, own.exec(name)));
  }
  return parts;
}

/** A part by whose name somebody works, or worked, on it. */
async function partOfProcess(folder: string, match: RegExpExecArray | null): Promise<FoundPart> {
  const length = await lengthOf(folder);
  const age = Date.now() - (await lastWrite(folder));
  const [, host = 'another machine', place = '', digits = '', started = '0'] = match ?? [];
  const lives = isRunning({ place, pid: Number(digits), started }) ?? age < deadMilliseconds;
  if (!lives || age >= stillMilliseconds) return { folder, length, free: !lives };
  const where = place === thisProcess().place ? '' : ` on ${host}`;
  return { folder, length, free: false, writer: `process ${digits}${where}` };
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
