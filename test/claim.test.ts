import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { claimAlone, isClaim } from '#src/claim.js';
import { thisProcess } from '#src/process-identity.js';
import { refusal, temporaryFolder } from './weights/files.js';

const path = temporaryFolder();
const module = JSON.stringify(import.meta.resolve('#src/claim.js'));

async function folderOf(name: string) {
  await mkdir(path(name));
  const folder = path(name);
  return { folder, claim: () => claimAlone({ folder, name: 'run', what: 'the run' }) };
}

/** A program that claims a folder, says so, and waits. */
const claiming = `import { claimAlone } from ${module};
  await claimAlone({ folder: process.argv[1], name: 'run', what: 'the run' });
  console.log('claimed');
  setInterval(() => {}, 1000);`;

/** The claim of a process that is not this one, as it would lie in a folder. */
async function putClaim(folder: string, owner: object, digits = '0123456789ab'): Promise<string> {
  const file = join(folder, `.revela-claim.run.${digits}`);
  await writeFile(file, `${JSON.stringify({ ...thisProcess(), ...owner })}\n`);
  return file;
}

/** The number of a process that has ended. */
async function endedProcess(): Promise<number> {
  const child = execFile(process.execPath, ['--eval', '']);
  await once(child, 'exit');
  return child.pid ?? 0;
}

test('belongs to one, in this process too, until it is given back', async () => {
  const { folder, claim } = await folderOf('own');
  const first = await claim();
  expect((await readdir(folder)).every(isClaim)).toBe(true);
  expect(await refusal(claim)).toBe('the run is being written by this process already; close it there first');
  first.check();
  first.release();
  first.release();
  expect(await readdir(folder)).toEqual([]);
  (await claim()).release();
});

test('of two names in one folder does not stand in the way of the other', async () => {
  const { folder, claim } = await folderOf('names');
  const first = await claim();
  (await claimAlone({ folder, name: 'run.other', what: 'another' })).release();
  first.release();
});

test('of another process is told, and taken over once that was killed', async () => {
  const { folder, claim } = await folderOf('killed');
  const child = spawn(process.execPath, ['--input-type=module', '--eval', claiming, folder]);
  await once(child.stdout, 'data');
  expect(await refusal(claim)).toBe(
    `the run is being written by process ${child.pid}; wait until it ends, or stop it`,
  );
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await readdir(folder)).toHaveLength(1);
  (await claim()).release();
  expect(await readdir(folder)).toEqual([]);
});

test('of many at once is given to no more than one', async () => {
  const { folder } = await folderOf('many');
  const program = `import { claimAlone } from ${module};
    try { await claimAlone({ folder: process.argv[1], name: 'run', what: 'it' }); console.log('mine'); }
    catch (error) { console.log(error.message); }
    process.stdin.resume();`;
  const children = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['--input-type=module', '--eval', program, folder]),
  );
  const said = await Promise.all(
    children.map(async ({ stdout }) => {
      const [line]: unknown[] = await once(stdout.setEncoding('utf8'), 'data');
      return line;
    }),
  );
  for (const { stdin } of children) stdin.end();
  expect(said.filter((line) => line === 'mine\n').length).toBeLessThanOrEqual(1);
  for (const line of said) expect(line).toMatch(/^(?:mine|it is being written by process \d+; .*)\n$/);
});

test('does not count when its process number was given to another process', async () => {
  const { folder, claim } = await folderOf('again');
  const file = await putClaim(folder, { pid: await endedProcess() });
  (await claim()).release();
  await expect(readFile(file)).rejects.toThrow('ENOENT');
  if (process.platform !== 'linux') return; // where nobody can tell when a process began
  await putClaim(folder, { started: '1' });
  (await claim()).release();
  expect(await readdir(folder)).toEqual([]);
});

test('of another machine counts while it gives signs of life', async () => {
  const { folder, claim } = await folderOf('elsewhere');
  const file = await putClaim(folder, { host: 'attic', place: 'ffffffffffff', pid: 7 });
  expect(await refusal(claim)).toMatch(
    /^the run is being written by process 7 on attic, which gave a sign of life \d s ago; wait until it ends/,
  );
  const longAgo = new Date(Date.now() - 200_000);
  await utimes(file, longAgo, longAgo);
  (await claim()).release();
  expect(await readdir(folder)).toEqual([]);
});

test('that is only just being written counts', async () => {
  const { folder, claim } = await folderOf('written');
  await writeFile(join(folder, '.revela-claim.run.0123456789ab'), '{"host":');
  expect(await refusal(claim)).toMatch(/is being written by another process/);
});

test('says when it was lost', async () => {
  const { folder, claim } = await folderOf('lost');
  const mine = await claim();
  for (const name of await readdir(folder)) await rm(join(folder, name));
  expect(await refusal(() => mine.check())).toMatch(/^the run was taken over by another process/);
  mine.release();
});
