import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect } from 'vitest';
import { RevelaError } from '#src/errors.js';

/** A folder of its own for the tests of a file; the result gives the path of a file in it. */
export function temporaryFolder(): (...parts: readonly string[]) => string {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'revela-files-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return (...parts) => join(folder, ...parts);
}

/** The one line of the RevelaError that the work ends in. */
export async function refusal(work: () => unknown): Promise<string> {
  const error: unknown = await Promise.resolve()
    .then(work)
    .then(
      () => undefined,
      (reason: unknown) => reason,
    );
  if (!(error instanceof RevelaError)) expect.fail(`expected a RevelaError, got ${String(error)}`);
  expect(error.message).not.toContain('\n');
  return error.message;
}

/**
 * Does work as a user who owns nothing: the file system lets root write everywhere, and tests in containers run as
 * root. As anybody else the work is done as it is, on a folder whose permissions the test took away.
 */
export async function withoutPrivileges<Result>(work: () => Promise<Result>): Promise<Result> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

/**
 * Runs a program (an ES module, `process.argv[1]` is `argument`) in a process that may write no file longer than
 * some KiB, where a write fails half-way as it does on a full disk. Returns what the program printed.
 */
export async function withFullDisk(program: string, argument: string): Promise<string> {
  const shell = 'ulimit -f 8; exec "$0" --input-type=module --eval "$1" "$2"';
  const { stdout } = await promisify(execFile)('sh', ['-c', shell, process.execPath, program, argument]);
  return stdout;
}
