import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { RevelaError } from './errors.js';
import { fileErrorCode } from './file-errors.js';
import { isRunning, type ProcessIdentity, thisProcess } from './process-identity.js';

// Whoever wants to write first puts a file of its own beside the target, then looks whether others have done so. Of two
// that come at once, at least one sees the other and steps back. No file is ever taken over, so that nothing depends on
// what happens between a look and a deed; those of dead processes are removed.

/** The right of this process alone to write something. */
export interface Claim {
  /** @throws RevelaError if it was lost: this process stood still for so long that another one took it for dead */
  check(): void;
  /** Gives it back; a second call does nothing. */
  release(): void;
}

/** What is claimed. */
export interface Claimed {
  /** The folder that is written to. */
  readonly folder: string;
  /** What of it is claimed, as a part of the name of a file. */
  readonly name: string;
  /** The same for people: "the run runs/garden". */
  readonly what: string;
}

/** Milliseconds between two signs of life, and after how many without one a process elsewhere counts as dead. */
const [beatEvery, deadAfter] = [20_000, 180_000];
/** How often, and for how long, one steps back for another that came in the same moment. */
const [tries, mostPause, sameMoment] = [6, 150, 2_000];

/**
 * Claims something for this process until it ends or gives it back. Claims of processes that died do not count; of
 * processes on other machines, whose numbers mean nothing here, those count that gave a sign of life within three minutes.
 *
 * @throws RevelaError, one line that says who has it, if another process does, or another part of this one
 * @throws the error of the file system
 *
 * @example
 * const claim = await claimAlone({ folder: 'runs/garden', name: 'run', what: 'the run runs/garden' });
 */
export async function claimAlone({ folder, name, what }: Claimed): Promise<Claim> {
  for (let left = tries; ; left--) {
    const mine = writeClaim(folder, name);
    const other = othersIn(folder, name, mine.path).at(0);
    if (other === undefined) return held(mine, what);
    mine.remove();
    if (left > 1 && other.age < sameMoment) await wait(Math.random() * mostPause);
    else throw new RevelaError(`${what} is being written by ${ownerText(other)}`);
  }
}

/** Whether a file of a folder is a claim, which is nothing of the user's. */
export const isClaim = (name: string): boolean => name.startsWith(prefix);

const prefix = '.revela-claim.';

interface OwnFile {
  readonly path: string;
  readonly content: string;
  remove(): void;
}

function writeClaim(folder: string, name: string): OwnFile {
  const path = join(folder, `${prefix}${name}.${randomBytes(6).toString('hex')}`);
  const content = `${JSON.stringify(thisProcess())}\n`;
  const remove = (): void => rmSync(path, { force: true });
  try {
    write(path, 'wx', content);
  } catch (error) {
    // A full disk makes the file and writes nothing.
    if (fileErrorCode(error) !== 'EEXIST') remove();
    throw error;
  }
  return { path, content, remove };
}

function write(path: string, flags: string, content: string): void {
  const file = openSync(path, flags);
  try {
    writeSync(file, content);
  } finally {
    closeSync(file);
  }
}

function held({ path, content, remove }: OwnFile, what: string): Claim {
  const check = (): void => {
    try {
      statSync(path);
    } catch (error) {
      if (fileErrorCode(error) !== 'ENOENT') throw error;
      throw new RevelaError(
        `${what} was taken over by another process while this one stood still; nothing more is written here`,
      );
    }
  };
  // The same bytes again: the disk's own clock dates them, whatever the clocks of the machines say.
  const beat = setInterval(() => {
    try {
      write(path, 'r+', content);
    } catch {
      // Who writes next finds out.
    }
  }, beatEvery).unref();
  return {
    check,
    release() {
      clearInterval(beat);
      remove();
    },
  };
}

interface Other {
  readonly owner: ProcessIdentity | undefined;
  /** Milliseconds since its last sign of life. */
  readonly age: number;
}

/** The claims of others that count; those that do not are removed. */
function othersIn(folder: string, name: string, own: string): readonly Other[] {
  const now = statSync(own).mtimeMs;
  return readdirSync(folder).flatMap((entry): readonly Other[] => {
    const path = join(folder, entry);
    const isOne = entry.startsWith(`${prefix}${name}.`) && /^[0-9a-f]{12}$/.test(entry.slice(-12));
    if (!isOne || entry.length !== prefix.length + name.length + 13 || path === own) return [];
    const found = readClaim(path);
    if (found === undefined) return [];
    const age = now - found.changed;
    const runs = found.owner === undefined ? undefined : isRunning(found.owner);
    if (runs ?? age < deadAfter) return [{ owner: found.owner, age }];
    rmSync(path, { force: true });
    return [];
  });
}

/** `undefined` where it is gone in the meantime. Without an owner where it is only just being written. */
function readClaim(path: string): { owner: ProcessIdentity | undefined; changed: number } | undefined {
  try {
    const file = openSync(path, 'r');
    try {
      return { owner: ownerIn(readFileSync(file, 'utf8')), changed: fstatSync(file).mtimeMs };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function ownerIn(text: string): ProcessIdentity | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    const { host, place, pid, started }: Partial<Record<keyof ProcessIdentity, unknown>> = value;
    return typeof host === 'string' &&
      typeof place === 'string' &&
      typeof started === 'string' &&
      Number.isSafeInteger(pid) &&
      typeof pid === 'number' &&
      pid > 0
      ? { host, place, pid, started }
      : undefined;
  } catch {
    return undefined;
  }
}

function ownerText({ owner, age }: Other): string {
  if (owner === undefined) return 'another process; wait until it ends';
  const { pid, host, place } = owner;
  if (pid === process.pid && place === thisProcess().place)
    return 'this process already; close it there first';
  if (place === thisProcess().place) return `process ${pid}; wait until it ends, or stop it`;
  const seconds = Math.max(0, Math.round(age / 1000));
  return `process ${pid} on ${host}, which gave a sign of life ${seconds} s ago; wait until it ends, or for three minutes if it died`;
}
