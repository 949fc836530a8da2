import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sharedFolder } from '../shared.js';
import { checkout, type WarmCheckout, warmCheckout } from './warm-checkout.js';

const run = promisify(execFile);
const shared = fileURLToPath(new URL('../../../shared/cases', import.meta.url));

/** What needs programs that a machine may lack, or is long; each has a test of its own. */
const elsewhere: Readonly<Record<string, string>> = {
  'files-02-memory-grows-with-picture-sizes': 'memory-of-sizes.test.ts',
  'train-memory-per-size': 'memory-of-sizes.test.ts',
  'train-low-signal-16bit': '../pixels/network-range.test.ts',
  'train-two-resumes': 'two-resumes.test.ts',
};

/** Those about a process of its own: its standard input, its start. */
const apart: ReadonlySet<string> = new Set([
  'files-16-lossless-and-deep-files-become-lossy',
  'files-17-messages-that-are-not-true',
]);

let warm: WarmCheckout;
beforeAll(async () => {
  warm = await warmCheckout();
});
afterAll(() => warm[Symbol.asyncDispose]());

/** The cases about files and trainings: each holds a script that tries it as its user did. */
const cases = existsSync(shared)
  ? readdirSync(shared).filter((name) => /^(files|train)-/.test(name) && !(name in elsewhere))
  : ['every case'];

it.for(cases)('%s', { timeout: 600_000 }, async (name, context) => {
  const folder = sharedFolder(context, 'cases', name);
  const { VK_DRIVER_FILES: _, ...inherited } = process.env;
  const { stdout } = await run('bash', [`${folder}/run.sh`], {
    env: { ...inherited, REVELA: apart.has(name) ? checkout : warm.folder },
  }).catch((error: unknown) => {
    const said = error instanceof Error && 'stdout' in error ? String(error.stdout) : '';
    throw new Error(`${name} fails: ${said}`, { cause: error });
  });
  expect(stdout).not.toMatch(/^FAIL/m);
});
