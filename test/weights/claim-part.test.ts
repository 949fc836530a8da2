import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { thisProcess } from '#src/process-identity.js';
import { claimPart, pullerOf } from '#src/weights/store/claim-part.js';
import { temporaryFolder } from './files.js';

const path = temporaryFolder();
const uuid = '01234567-89ab-4cde-8f01-23456789abcd';
const { place, pid, started } = thisProcess();

/** A part as a process left it. */
async function partOf(home: string, owner: string, hoursAgo = 0): Promise<string> {
  const folder = path(home, `part.${owner}.${uuid}`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'bytes'), 'half');
  const then = new Date(Date.now() - hoursAgo * 3_600_000);
  await utimes(join(folder, 'bytes'), then, then);
  return folder;
}

it.each<[what: string, owner: string, hoursAgo: number, taken: boolean]>([
  ['this process', `host.${place}.${pid}.${started}`, 0, false],
  ['a process that died', `host.${place}.4194305.1`, 0, true],
  ['a process on another machine', 'attic.ffffffffffff.7.1', 0, false],
  ['a process on another machine that has been silent for hours', 'attic.ffffffffffff.7.1', 2, true],
])('a part of %s', async (what, owner, hoursAgo, taken) => {
  await partOf(what, owner, hoursAgo);
  const mine = await claimPart(path(what));
  expect(await readdir(mine)).toEqual(taken ? ['bytes'] : []);
});

it.runIf(process.platform === 'linux')('a part of a process whose number was given again', async () => {
  await partOf('again', `host.${place}.${pid}.1`);
  expect(await readdir(await claimPart(path('again')))).toEqual(['bytes']);
});

it('says who is at work', async () => {
  await partOf('here', `host.${place}.${pid}.${started}`);
  expect(await pullerOf(path('here'))).toBe(`process ${pid}`);
  await partOf('elsewhere', 'attic.ffffffffffff.7.1');
  expect(await pullerOf(path('elsewhere'))).toBe('process 7 on attic');
  await partOf('silent', `host.${place}.${pid}.${started}`, 0.5);
  expect(await pullerOf(path('silent'))).toBeUndefined();
});
