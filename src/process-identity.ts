import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { fileErrorCode } from './file-errors.js';

/** Who a process is, so that others can tell whether it still runs. */
export interface ProcessIdentity {
  /** Of its machine, for people. */
  readonly host: string;
  /**
   * Where its number means this very process: 12 hexadecimal digits for the machine, this start of it, and the container.
   * In another place nobody can look.
   */
  readonly place: string;
  readonly pid: number;
  /** When it began, in the system's own count, as numbers of processes are given again; `0` where no one can tell. */
  readonly started: string;
}

const identity: ProcessIdentity = {
  host: hostname(),
  place: createHash('sha256').update(JSON.stringify(machine())).digest('hex').slice(0, 12),
  pid: process.pid,
  started: stateOf(process.pid)?.started ?? '0',
};

/** This process. */
export const thisProcess = (): ProcessIdentity => identity;

/**
 * Whether a process runs; `undefined` where it is, or was, in another place.
 *
 * @example
 * if (isRunning(owner) === false) takeOver();
 */
export function isRunning({ place, pid, started }: Omit<ProcessIdentity, 'host'>): boolean | undefined {
  if (place !== identity.place) return undefined;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (fileErrorCode(error) !== 'EPERM') return false; // it lives and is another user's
  }
  const state = stateOf(pid);
  return state === undefined || (!state.ended && (started === '0' || state.started === started));
}

/** What Linux tells of a process; `undefined` elsewhere, and where it hides those of others. */
function stateOf(pid: number): { readonly ended: boolean; readonly started: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name, in parentheses, may hold anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    // A process that ended is listed until its parent asks for its exit code.
    return { ended: fields[0] === 'Z' || fields[0] === 'X', started: fields[19] ?? '0' };
  } catch {
    return undefined;
  }
}

/** What numbers of processes belong to: after a new start, and in a container, they are others. */
function machine(): readonly string[] {
  const read = (look: () => string): string => {
    try {
      return look();
    } catch {
      return '';
    }
  };
  return [
    hostname(),
    read(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    read(() => readlinkSync('/proc/self/ns/pid')),
  ];
}
