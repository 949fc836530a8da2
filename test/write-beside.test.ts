import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { thisProcess } from '#src/process-identity.js';
import { removeLeftovers, writeBeside } from '#src/write-beside.js';
import { temporaryFolder } from './weights/files.js';

const path = temporaryFolder();
const uuid = '01234567-89ab-4cde-8f01-23456789abcd';

test('what a killed writer left is swept by the next one, and what anybody still writes stays', async () => {
  await mkdir(path('swept'));
  const child = execFile(process.execPath, ['--eval', '']);
  await once(child, 'exit');
  const { place, pid, started } = thisProcess();
  const files = {
    dead: `.revela-${place}-${child.pid}-123-${uuid}.tmp`,
    own: `.revela-${place}-${pid}-${started}-${uuid}.tmp`,
    elsewhere: `.revela-ffffffffffff-7-123-${uuid}.tmp`,
    abandonedElsewhere: `.revela-eeeeeeeeeeee-7-123-${uuid}.tmp`,
    ofFormerVersions: `.revela-${uuid}.tmp`,
    theUsers: '.revela-notes.tmp',
  };
  for (const name of Object.values(files)) await writeFile(path('swept', name), 'half');
  const old = new Date(Date.now() - 2 * 3_600_000);
  for (const name of [files.abandonedElsewhere, files.ofFormerVersions, files.theUsers])
    await utimes(path('swept', name), old, old);
  await writeBeside(path('swept', 'a'), [Buffer.from('whole')]);
  expect((await readdir(path('swept'))).sort()).toEqual(
    [files.own, files.elsewhere, files.theUsers, 'a'].sort(),
  );
  expect(await readFile(path('swept', 'a'), 'utf8')).toBe('whole');
});

test('a failure leaves nothing, and the former file', async () => {
  await mkdir(path('failed'));
  await writeBeside(path('failed', 'a'), [Buffer.from('former')]);
  const broken = async function* () {
    yield Buffer.from('half');
    throw new Error('broke off');
  };
  await expect(writeBeside(path('failed', 'a'), broken())).rejects.toThrow('broke off');
  expect(await readdir(path('failed'))).toEqual(['a']);
  expect(await readFile(path('failed', 'a'), 'utf8')).toBe('former');
  await removeLeftovers(path('failed'));
});

test('a writer that is killed in the middle leaves what the next command takes away', async () => {
  await mkdir(path('killed'));
  const module = JSON.stringify(import.meta.resolve('#src/write-beside.js'));
  const program = `import { writeBeside } from ${module};
    const endless = async function* () {
      for (let i = 0; ; i++) {
        yield Buffer.alloc(1000);
        if (i === 3) process.kill(process.pid, 'SIGKILL');
        await new Promise(setImmediate);
      }
    };
    await writeBeside(process.argv[1], endless());`;
  const child = execFile(process.execPath, ['--input-type=module', '--eval', program, path('killed', 'o')]);
  await once(child, 'exit');
  const left = await readdir(path('killed'));
  expect(left).toEqual([expect.stringMatching(/^\.revela-.*\.tmp$/)]);
  await writeBeside(join(path('killed'), 'other'), [Buffer.from('x')]);
  expect(await readdir(path('killed'))).toEqual(['other']);
});

test('of several that write a new file at once one does, and the others are told', async () => {
  await mkdir(path('race'));
  const texts = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(1000));
  const outcomes = await Promise.allSettled(
    texts.map((text) => writeBeside(path('race', 'one'), [Buffer.from(text)], { replace: false })),
  );
  const won = outcomes.flatMap(({ status }, i) => (status === 'fulfilled' ? [texts[i]] : []));
  expect(won).toEqual([await readFile(path('race', 'one'), 'utf8')]);
  for (const outcome of outcomes)
    if (outcome.status === 'rejected')
      expect(outcome.reason).toMatchObject({ code: 'ERR_FILE_EXISTS', path: path('race', 'one') });
  expect(await readdir(path('race'))).toEqual(['one']);
});
