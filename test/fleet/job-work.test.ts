import { once } from 'node:events';
import { chmod, mkdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RevelaError } from '#src/errors.js';
import type { FleetJob } from '#src/fleet/job.js';
import { JobWork, Unable } from '#src/fleet/job-work.js';
import type { Outcome } from '#src/fleet/make-task.js';
import { type Recipe, writeRecipe } from '#src/fleet/recipe.js';
import { SharedFolder } from '#src/fleet/storage/shared-folder.js';
import { packageVersion } from '#src/package-version.js';
import { sentError } from '#src/sent-error.js';
import { photograph, temporaryFolder } from '../cli/command.js';
import { until } from '../until.js';
import { importing, startedByNobody, toldByNobody } from './nobody.js';

const path = temporaryFolder();
const never = new AbortController().signal;
const recipe: Recipe = {
  ...{ format: 'revela-fleet-1', revela: packageVersion(), work: 'score' },
  ...{ options: {}, result: {} },
};
const failed = (code: 'ERR_FILE' | 'ERR_NOT_AN_IMAGE', outcome: 'failed' | 'unable' = 'failed'): Outcome => ({
  ...{ outcome, error: sentError(new RevelaError('the disk hums', { code })) },
});
const made: Outcome = { outcome: 'made', lost: [] };

/** A shared folder, a job in it, and a worker that is told what comes of each attempt. */
async function given(name: string, attempts: readonly (() => Promise<Outcome>)[]) {
  const shared = path(name);
  await mkdir(join(shared, 'clean'), { recursive: true });
  await photograph(8, 8).png().toFile(join(shared, 'a.png'));
  const storage = await SharedFolder.at(shared);
  const id = await writeRecipe(storage, 'clean', recipe);
  const picture = { input: 'a.png', output: 'clean/a.png', sha256: '0'.repeat(64) };
  const job: FleetJob = {
    ...{ revela: packageVersion(), recipe: id, folder: 'clean', pictures: [picture] },
  };
  const told: string[] = [];
  let at = 0;
  const make = (): Promise<Outcome> => attempts[at++]?.() ?? Promise.reject(new Error('tried too often'));
  const options = { redis: '', tell: (line: string) => void told.push(line) };
  const work = new JobWork(storage, { make }, options, 20);
  const file = join(shared, 'clean', '.revela-fleet', `${id}.json`);
  return { shared, job, picture, told, work, file, tries: () => at };
}

describe('the work of a fleet’s worker', () => {
  it('fails a picture where its folder is as it should be', async () => {
    const { work, job, picture } = await given('own', [async () => failed('ERR_NOT_AN_IMAGE')]);
    const own = await work.recipeOf(job, never);
    expect(await work.picture(own, picture, never)).toEqual({
      ...{ input: 'a.png', message: 'a.png: the disk hums' },
    });
    expect(await work.picture(own, { ...picture, input: 'gone.png' }, never)).toMatchObject({
      message: expect.stringContaining('gone.png'),
    });
  });

  it.each(['away', 'unreadable'])('waits, and fails no picture, while the folder is %s', async (how) => {
    const { work, job, picture, told, file, tries } = await given(how, [
      async () => {
        await rename(file, `${file}.away`);
        if (how === 'unreadable') await mkdir(file);
        return failed('ERR_FILE');
      },
      async () => {
        await rm(file, { recursive: true, force: true });
        await rename(`${file}.away`, file);
        return failed('ERR_FILE');
      },
      async () => failed('ERR_FILE', 'unable'),
      async () => made,
    ]);
    const own = await work.recipeOf(job, never);
    // The second attempt brings the folder back, and fails of itself.
    expect(await work.picture(own, picture, never)).toMatchObject({ input: 'a.png' });
    expect(tries()).toBe(2);
    expect(told).toEqual([
      expect.stringMatching(how === 'away' ? /is away; waiting/ : /cannot read .*waiting/),
    ]);
    // Weights that cannot be read at the moment are waited for, too.
    expect(await work.picture(own, picture, never)).toBeUndefined();
    expect(told.at(-1)).toBe('the disk hums; waiting for it');
  });

  it('gives back a job of which the recipe cannot be read, and waits where it could be before', async () => {
    const { work, job, file, told } = await given('recipe', []);
    await rename(file, `${file}.away`);
    await mkdir(file);
    await expect(work.recipeOf(job, never)).rejects.toThrow(Unable);
    const restore = async (): Promise<void> => {
      await rm(file, { recursive: true });
      await rename(`${file}.away`, file);
    };
    await restore();
    await work.recipeOf(job, never);
    await rename(file, `${file}.away`);
    const found = work.recipeOf(job, never);
    await until(() => told.length > 0);
    await rename(`${file}.away`, file);
    expect(await found).toMatchObject({ recipe });
  });

  it('waits for no folder that it may not read any more', async () => {
    const { job, shared } = await given('forbidden', []);
    await chmod(path(), 0o755);
    const program = `
      import { once } from 'node:events';
      const { JobWork, Unable } = ${importing('fleet/job-work')};
      const { SharedFolder } = ${importing('fleet/storage/shared-folder')};
      await nobody();
      const work = new JobWork(await SharedFolder.at(${JSON.stringify(shared)}), {}, { redis: '' });
      const { signal } = new AbortController();
      const find = () => work.recipeOf(${JSON.stringify(job)}, signal);
      await find();
      console.log('found');
      await once(process.stdin, 'data');
      process.stdin.destroy();
      const error = await find().catch((failure) => failure);
      console.log(error instanceof Unable, error.message);`;
    const child = startedByNobody(program);
    const ended = once(child, 'close');
    let told = '';
    child.stdout?.on('data', (text) => (told += String(text)));
    await until(() => told !== '');
    await chmod(join(shared, 'clean'), 0o000);
    child.stdin?.write('go on');
    await ended;
    expect(told).toMatch(/^found\ntrue cannot read .*access is not allowed; check the permissions\n$/);
    await chmod(join(shared, 'clean'), 0o755);
  });

  it('fails a job whose folder leads outside', async () => {
    const { work, job, shared } = await given('outside', []);
    await mkdir(path('elsewhere'));
    await symlink(path('elsewhere'), join(shared, 'link'));
    const outside = work.recipeOf({ ...job, folder: 'link' }, never);
    await expect(outside).rejects.toThrow('lies outside of');
    await expect(outside).rejects.not.toBeInstanceOf(Unable);
  });

  it('ends where it may not write results', async () => {
    const { job, picture, shared } = await given('read-only', []);
    await chmod(path(), 0o755);
    await chmod(join(shared, 'clean'), 0o555);
    const told = await toldByNobody(`
      const { JobWork, Unable } = ${importing('fleet/job-work')};
      const { SharedFolder } = ${importing('fleet/storage/shared-folder')};
      await nobody();
      const storage = await SharedFolder.at(${JSON.stringify(shared)});
      const make = async () => (${JSON.stringify(await failed('ERR_FILE'))});
      const work = new JobWork(storage, { make }, { redis: '' });
      const { signal } = new AbortController();
      const own = await work.recipeOf(${JSON.stringify(job)}, signal);
      const error = await work.picture(own, ${JSON.stringify(picture)}, signal).catch((failure) => failure);
      console.log(error instanceof Unable, error.message);`);
    await chmod(join(shared, 'clean'), 0o755);
    expect(told).toBe(
      `true cannot write into ${join(shared, 'clean')}: access is not allowed; check the permissions\n`,
    );
  });
});
