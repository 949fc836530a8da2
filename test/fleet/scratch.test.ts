import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { Scratch } from '#src/fleet/storage/scratch.js';
import { StorageAway, StorageRefusal } from '#src/fleet/storage/storage.js';
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
    await using file = await scratch.copy('shots/a.JPG', text());
    expect(file.path).toMatch(/1\.JPG$/);
    copied = dirname(file.path);
    expect(existsSync(copied)).toBe(true);
  }
  expect([copied, killed, ...others].map(existsSync)).toEqual([false, false, true, true, true]);
});

it('refuses to work on where it cannot be written to, and waits where its folder was removed', async () => {
  vi.stubEnv('TMPDIR', path('nowhere'));
  await using none = new Scratch();
  for (const refused of [none.result('a.png', async () => {}), none.check(), none.copy('a.png', text())]) {
    await expect(refused).rejects.toThrow(
      /cannot make a folder for copies in .*nowhere \(TMPDIR names another/,
    );
    await expect(refused).rejects.toBeInstanceOf(StorageRefusal);
  }
  await mkdir(path('there'));
  vi.stubEnv('TMPDIR', path('there'));
  await using scratch = new Scratch();
  await scratch.check();
  const [folder = ''] = await readdir(path('there'));
  await rm(path('there', folder), { recursive: true });
  await expect(scratch.check()).rejects.toBeInstanceOf(StorageAway);
  await using result = await scratch.result('a.png', async () => {});
  await expect(result.keep()).rejects.toBeInstanceOf(StorageAway);
  await using copy = await scratch.copy('a.png', text());
  expect(existsSync(copy.path)).toBe(true);
  const next = dirname(copy.path);
  await rm(next, { recursive: true });
  await writeFile(next, 'a file where the folder was');
  await expect(scratch.copy('a.png', text())).rejects.toBeInstanceOf(StorageRefusal);
  await expect(scratch.check()).rejects.toBeInstanceOf(StorageRefusal);
});

async function* text() {
  yield Buffer.from('text');
}
