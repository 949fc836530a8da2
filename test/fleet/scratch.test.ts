import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { Scratch } from '#src/fleet/storage/scratch.js';
import { thisProcess } from '#src/process-identity.js';
import { temporaryFolder } from '../cli/command.js';

const path = temporaryFolder();
afterEach(() => void vi.unstubAllEnvs());

it('keeps copies in a folder of its own, and removes those of processes that were killed', async () => {
  await mkdir(path('tmp'));
  vi.stubEnv('TMPDIR', path('tmp'));
  const { place, pid, started } = thisProcess();
  const killed = path('tmp', `revela-fleet-${place}-${2 ** 22 + 1}-${started}-abc`);
  const others = [
    path('tmp', `revela-fleet-${place}-${pid}-${started}-abc`),
    path('tmp', `revela-fleet-${'0'.repeat(12)}-1-1-abc`),
    path('tmp', 'revela-fleet-mine'),
  ];
  for (const folder of [killed, ...others]) await mkdir(folder);
  let copied = '';
  {
    await using scratch = new Scratch();
    async function* chunks() {
      yield Buffer.from('text');
    }
    await using file = await scratch.copy('shots/a.JPG', chunks());
    expect(file.path).toMatch(/1\.JPG$/);
    copied = dirname(file.path);
    expect(existsSync(copied)).toBe(true);
  }
  expect([copied, killed, ...others].map(existsSync)).toEqual([false, false, true, true, true]);
  vi.stubEnv('TMPDIR', path('nowhere'));
  await using scratch = new Scratch();
  await expect(scratch.result('a.png', async () => {})).rejects.toThrow('cannot make a folder for copies in');
});
