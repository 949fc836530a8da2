import { isUntrusted } from '../connection-errors.js';
import { RevelaError } from '../errors.js';

/** The oldest Redis that BullMQ 6 is made for. */
const oldest = [6, 2, 0] as const;

/** What `INFO` says, by name. */
export function infoFields(info: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of info.split(/\r?\n/)) {
    const at = line.indexOf(':');
    if (at > 0) fields.set(line.slice(0, at), line.slice(at + 1));
  }
  return fields;
}

/**
 * Checks that a Redis keeps what it is given.
 *
 * @param info what it answers to `INFO`
 * @param address what it is called in messages
 * @returns what is worth a word, a line each
 * @throws RevelaError for one that is too old, and one that throws keys away when it is full
 */
export function checkRedis(info: string, address: string): readonly string[] {
  const fields = infoFields(info);
  // Valkey says a version of Redis too, that of the fork.
  const version = fields.get('redis_version') ?? '';
  if (isOlder(version))
    throw new RevelaError(
      `${address} runs Redis ${version === '' ? 'of an unknown version' : version}; expected ${oldest.join('.')} or newer (Debian's redis-server will do)`,
    );
  const policy = fields.get('maxmemory_policy') ?? 'noeviction';
  if (policy !== 'noeviction')
    throw new RevelaError(
      `${address} throws keys away when it is full (maxmemory-policy ${policy}), and jobs with them: set maxmemory-policy to noeviction`,
    );
  return fields.get('aof_enabled') === '0'
    ? [`${address} keeps no append-only file: if it ends, what waits is lost (appendonly yes keeps it)`]
    : [];
}

/** Seconds that clocks may be apart without a word. */
const mostApart = 5;

/**
 * A line about clocks that disagree; `undefined` where they do not. Locks go by that of Redis, and when a job is tried again by that of
 * whoever failed it.
 *
 * @param time what it answers to `TIME`: seconds, and millionths of one
 * @param asked between which milliseconds of this machine it was asked
 * @param address what it is called in messages
 */
export function clockWarning(
  [seconds]: readonly (number | string)[],
  [begin, end]: readonly [begin: number, end: number],
  address: string,
): string | undefined {
  const there = Number(seconds);
  const apart = Math.round(Math.max(begin / 1000 - there - 1, there - end / 1000));
  if (!(apart > mostApart)) return undefined;
  const way = there * 1000 > end ? 'behind' : 'ahead of';
  return `The clock of this machine is ${apart} s ${way} that of ${address}: set both, or what failed may be tried again that much too early or too late`;
}

function isOlder(version: string): boolean {
  const numbers = version.split('.').map(Number);
  for (const [at, least] of oldest.entries()) {
    const number = numbers[at] ?? 0;
    if (number !== least) return !(number > least);
  }
  return false;
}

/** The command that Redis answered to with an error. */
function commandOf(error: Error): string | undefined {
  const command: unknown = 'command' in error ? error.command : undefined;
  if (typeof command !== 'object' || command === null || !('name' in command)) return undefined;
  return String(command.name).toLowerCase();
}

/**
 * An answer of Redis that a user can do something about, as one line; any other error as it is.
 *
 * @param address what it is called in messages
 */
export function redisError(error: unknown, address: string): unknown {
  if (!(error instanceof Error) || error instanceof RevelaError) return error;
  const { message } = error;
  // Of several commands at once, one was refused before, and that says why.
  if (message.startsWith('EXECABORT') && 'previousErrors' in error && Array.isArray(error.previousErrors))
    return redisError(error.previousErrors[0] ?? new Error(message), address);
  if (/WRONGPASS|NOAUTH|invalid password|without any password|AUTH failed/i.test(message))
    return new RevelaError(
      `${address} wants another user or password: give them as in redis://USER:PASSWORD@HOST:PORT`,
      { cause: error, code: 'ERR_ACCESS' },
    );
  if (/NOPERM/.test(message))
    return new RevelaError(`${address} does not allow this user what a queue needs: ${message}`, {
      cause: error,
      code: 'ERR_ACCESS',
    });
  if (commandOf(error) === 'select')
    return new RevelaError(
      `${address} has no database of the number in redis://HOST:PORT/NUMBER, or does not let this user into it: ${message}`,
      { cause: error },
    );
  if (isUntrusted(error))
    return new RevelaError(
      `${address} shows no certificate that is trusted here: ${message} (NODE_EXTRA_CA_CERTS names a file of others to trust)`,
      { cause: error },
    );
  if (/\bOOM\b/.test(message))
    return new RevelaError(
      `${address} is full: give it more memory (maxmemory), or wait until jobs are done; what it has is kept`,
      { cause: error, code: 'ERR_MEMORY' },
    );
  if (/^(Missing (key|lock) for|Lock mismatch for|could not renew lock for) job /.test(message))
    return new RevelaError(
      'A job was taken from this process, which gave no sign of life for too long: another one does it again, or has done it',
      { cause: error },
    );
  if (/MISCONF|READONLY/.test(message))
    return new RevelaError(`${address} takes nothing at present: ${message}`, { cause: error });
  return error;
}
