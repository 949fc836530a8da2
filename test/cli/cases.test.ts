import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { sharedFolder } from '../shared.js';

const run = promisify(execFile);
const project = fileURLToPath(new URL('../..', import.meta.url));
const shared = fileURLToPath(new URL('../../../shared/cases', import.meta.url));

/** What needs programs that a machine may lack, or is long; each has a test of its own. */
const elsewhere: Readonly<Record<string, string>> = {
  'files-02-memory-grows-with-picture-sizes': 'memory-of-sizes.test.ts',
  'train-memory-per-size': 'memory-of-sizes.test.ts',
  'train-low-signal-16bit': '../images/network-range.test.ts',
};

/** The cases about files and trainings: each holds a script that tries it as its user did. */
const cases = existsSync(shared)
  ? readdirSync(shared).filter((name) => /^(files|train)-/.test(name) && !(name in elsewhere))
  : ['every case'];

it.for(cases)('%s', { timeout: 600_000 }, async (name, context) => {
  const folder = sharedFolder(context, 'cases', name);
  const { VK_DRIVER_FILES: _, ...inherited } = process.env;
  const { stdout } = await run('bash', [`${folder}/run.sh`], {
    env: { ...inherited, REVELA: project },
  }).catch((error: unknown) => {
    const said = error instanceof Error && 'stdout' in error ? String(error.stdout) : '';
    throw new Error(`${name} fails: ${said}`, { cause: error });
  });
  expect(stdout).not.toMatch(/^FAIL/m);
});
