import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cancelFleet, fleetStatus, retryFleet, submitPictures, workInFleet } from '#src/fleet/index.js';
import { openQueue } from '#src/fleet/queue.js';
import { packageVersion } from '#src/package-version.js';
import { openRedis } from '#src/redis/index.js';
import {
  drawWeights,
  expectSuccess,
  jsonLines,
  photograph,
  revela,
  temporaryFolder,
} from '../cli/command.js';
import { type RedisServer, redisOrReason, redisServer } from '../redis/server.js';
import { until } from '../until.js';
import { program } from '../program.js';
import { freezer } from './frozen-work.js';

const path = temporaryFolder();

describe.skipIf(redisOrReason() !== undefined)('a fleet', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await redisServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  /** A shared folder with pictures, small ones but for one. */
  async function pictures(name: string, count: number, large = false): Promise<string> {
    const shared = path(name);
    await mkdir(join(shared, 'shots', 'inside'), { recursive: true });
    for (let i = 0; i < count; i++) {
      const place = i % 3 === 0 ? join('inside', `${i}.png`) : `${i}.png`;
      await photograph(66 + i, 65)
        .png()
        .toFile(join(shared, 'shots', place));
    }
    if (large)
      await photograph(560, 450)
        .jpeg()
        .toFile(join(shared, 'shots', 'large.jpg'));
    return shared;
  }

  const base = (shared: string, queue: string, output = 'clean') => ({
    ...{ redis: server.url, queue, shared, output: join(shared, output), recursive: true },
  });

  /** A worker that is a process of its own. */
  function worker(shared: string, queue: string): ChildProcess {
    const args = ['fleet', 'work', '--redis', server.url, '--queue', queue, '--shared', shared];
    const how = ['--threads', '1', '--lock-seconds', '8', '--until-empty'];
    return spawn(process.execPath, [program, ...args, ...how], { stdio: ['ignore', 'pipe', 'inherit'] });
  }

  it('of three workers, one of them killed, and with Redis killed and started again, makes what one machine makes', async () => {
    const shared = await pictures('killed', 14, true);
    const submitted = await submitPictures(
      [join(shared, 'shots')],
      { work: 'denoise' },
      base(shared, 'killed'),
    );
    expect(submitted).toMatchObject({ pictures: 15, known: 0, skipped: 0, failures: [] });
    expect(submitted.jobs).toBeGreaterThan(1);
    const again = await submitPictures([join(shared, 'shots')], { work: 'denoise' }, base(shared, 'killed'));
    expect(again).toMatchObject({ jobs: submitted.jobs, known: submitted.jobs });
    const workers = [1, 2, 3].map(() => worker(shared, 'killed'));
    const ended = Promise.all(workers.map((one) => once(one, 'exit')));
    const written = once(workers[0]?.stdout ?? expect.fail('no output'), 'data');
    for (const one of workers.slice(1)) one.stdout?.resume();
    await Promise.race([written, ended]);
    workers[0]?.kill('SIGKILL');
    await server.stop();
    await server.start();
    const codes = (await ended).map(([code]: readonly unknown[]) => code);
    expect(codes.slice(1)).toEqual([0, 0]);
    const status = await fleetStatus({ redis: server.url, queue: 'killed' });
    expect(status).toMatchObject({ waiting: 0, active: 0, failed: 0, failures: [], workers: [] });
    await expectSuccess(revela(['denoise', join(shared, 'shots'), '-r', '-o', join(shared, 'single')]));
    expect(await contents(join(shared, 'clean'))).toEqual(await contents(join(shared, 'single')));
  }, 600_000);

  it('scores, fails poison alone after two attempts, lists it, and does the rest', async () => {
    const shared = await pictures('poison', 5);
    await truncate(join(shared, 'shots', '1.png'), 4000);
    await writeFile(join(shared, 'shots', 'none.png'), 'no picture');
    const task = { work: 'score', options: { metrics: ['revela'] } } as const;
    await photograph(60, 60)
      .png()
      .toFile(join(shared, 'shots', 'tiny.png'));
    const told = { redis: server.url, queue: 'poison' };
    const { failures, pictures: count } = await submitPictures(
      [join(shared, 'shots')],
      task,
      base(shared, 'poison'),
    );
    expect(count).toBe(6);
    expect(failures.map(({ input }) => input)).toEqual([join(shared, 'shots', 'none.png')]);
    const tries: string[] = [];
    const worked = await workInFleet({
      ...{ ...told, shared, untilEmpty: true },
      onFailed: ({ input, again }) => tries.push(`${input} ${again}`),
    });
    expect(worked.failed).toBe(2);
    for (const poison of ['shots/1.png', 'shots/tiny.png'])
      expect(tries.filter((one) => one.startsWith(poison))).toEqual([`${poison} true`, `${poison} false`]);
    const status = await fleetStatus(told);
    expect(status.failures.map((one) => one.pictures).sort()).toEqual([['shots/1.png'], ['shots/tiny.png']]);
    expect(status.failures.every(({ message }) => message.includes('shots/'))).toBe(true);
    const single = await expectSuccess(revela(['score', join(shared, 'shots', '2.png'), '--json']));
    const alone = jsonLines(single.stdout).find(({ kind }) => kind === 'picture');
    const scores = JSON.parse(await readFile(join(shared, 'clean', '2.png.json'), 'utf8'));
    expect(scores).toEqual({ picture: 'shots/2.png', scores: alone?.['scores'] });
    expect((await readdir(join(shared, 'clean'))).sort()).toContain('4.png.json');
    // What failed can wait again; where the cause is gone, it is done.
    expect(await retryFleet(told)).toBe(2);
    expect(await cancelFleet({ ...told, failed: true })).toBe(2);
    expect(await fleetStatus(told)).toMatchObject({ waiting: 0, failed: 0 });
  }, 300_000);

  it('lets what failed wait anew when it is submitted again', async () => {
    const shared = await pictures('anew', 1);
    const input = join(shared, 'shots', 'inside', '0.png');
    await truncate(input, 4000);
    const queue = { redis: server.url, queue: 'anew' };
    const submit = () => submitPictures([input], { work: 'denoise' }, base(shared, 'anew'));
    expect(await submit()).toMatchObject({ jobs: 1, known: 0, retried: 0 });
    const heard: boolean[] = [];
    const how = { ...queue, shared, untilEmpty: true };
    const worked = await workInFleet({ ...how, onFailed: ({ again }) => heard.push(again) });
    expect([worked, heard]).toEqual([{ pictures: 0, failed: 1 }, [true, false]]);
    expect(await submit()).toMatchObject({ jobs: 1, known: 0, retried: 1 });
    expect(await fleetStatus(queue)).toMatchObject({ waiting: 1, failed: 0 });
    expect(await submit()).toMatchObject({ jobs: 1, known: 1, retried: 0 });
  }, 120_000);

  it('refuses results that another submission is still to write', async () => {
    const shared = await pictures('rivals', 2);
    const submit = (strength: number, overwrite = false) =>
      submitPictures(
        [join(shared, 'shots')],
        { work: 'denoise', options: { strength } },
        { ...base(shared, 'rivals'), overwrite },
      );
    const { jobs } = await submit(1);
    await expect(submit(0.5)).rejects.toThrow('another submission, with other options, is still to write');
    expect(await submit(1)).toMatchObject({ known: jobs });
    expect(await submit(0.5, true)).toMatchObject({ known: 0 });
    expect(await cancelFleet({ redis: server.url, queue: 'rivals' })).toBe(2 * jobs);
    expect(await submit(0.5)).toMatchObject({ known: 0 });
  }, 60_000);

  it('stops asking a Redis that does not answer', async () => {
    // A connection that writes nothing: one that waits to write could not end the silence.
    await using redis = await openRedis({ url: server.url, what: 'the test' });
    await redis.client.client('PAUSE', 600_000, 'WRITE');
    try {
      for (const ask of [fleetStatus, retryFleet, cancelFleet]) {
        const stopping = new AbortController();
        const asking = ask({ redis: server.url, queue: 'silent', signal: stopping.signal });
        setTimeout(() => stopping.abort(new Error('enough')), 500);
        await expect(asking).rejects.toThrow('enough');
      }
    } finally {
      await redis.client.client('UNPAUSE');
    }
  }, 60_000);

  it('keeps a job alive that takes longer than its lock', async () => {
    const shared = await pictures('long', 1);
    const queue = { redis: server.url, queue: 'long' };
    await submitPictures([join(shared, 'shots')], { work: 'denoise' }, base(shared, 'long'));
    const told: string[] = [];
    const freeze = await freezer();
    const working = workInFleet({
      ...{ ...queue, shared, lockSeconds: 8, untilEmpty: true },
      tell: (line) => void told.push(line),
    });
    const frozen = await freeze();
    // A lock is renewed when half of its time is over: after three times it would have been lost.
    await using opened = await openQueue(queue);
    const [{ id = '' } = {}] = await opened.queue.getActive();
    let [left, renewals] = [0, 0];
    await until(async () => {
      const now = await opened.redis.client.pttl(`${opened.queue.toKey(id)}:lock`);
      if (now > left && left > 0) renewals += 1;
      left = now;
      return renewals === 3;
    });
    expect(await fleetStatus(queue)).toMatchObject({ active: 1, waiting: 0 });
    frozen.goOn();
    expect(await working).toEqual({ pictures: 1, failed: 0 });
    expect(told.filter((line) => line.includes('no sign of life'))).toEqual([]);
  }, 300_000);

  it('takes weights of one’s own along', async () => {
    const shared = await pictures('weights', 1);
    await photograph(260, 190)
      .jpeg()
      .toFile(join(shared, 'shots', 'larger.jpg'));
    const weights = path('own.safetensors');
    await drawWeights(weights);
    await submitPictures(
      [join(shared, 'shots')],
      { work: 'denoise', options: { weights } },
      base(shared, 'weights'),
    );
    await rm(weights);
    const options = { redis: server.url, queue: 'weights', shared, untilEmpty: true };
    const worked = await workInFleet(options);
    expect(worked).toEqual({ pictures: 2, failed: 0 });
    await drawWeights(weights);
    // A fleet never learns from its pictures.
    const folder = join(shared, 'single');
    const single = ['denoise', join(shared, 'shots'), '-r', '-w', weights, '--no-adapt', '-o', folder];
    await expectSuccess(revela(single));
    expect(await contents(join(shared, 'clean'))).toEqual(await contents(join(shared, 'single')));
  }, 300_000);

  it('refuses jobs of another version, another folder and somebody else, and loses none', async () => {
    const shared = await pictures('strange', 2);
    const queue = { redis: server.url, queue: 'strange' };
    await submitPictures([join(shared, 'shots')], { work: 'denoise' }, base(shared, 'strange'));
    // The folder of another machine, which has the pictures and not what was submitted.
    const copy = path('copy');
    await cp(join(shared, 'shots'), join(copy, 'shots'), { recursive: true });
    await mkdir(join(copy, 'clean'));
    const refused = workInFleet({ ...queue, shared: copy });
    await expect(refused).rejects.toThrow('is not the folder that was submitted to');
    expect(await readdir(join(copy, 'clean'))).toEqual([]);
    await using opened = await openQueue(queue);
    const [job] = await opened.queue.getWaiting();
    if (job === undefined) throw new Error('the job is lost');
    await job.updateData({ ...job.data, revela: '0.0.9' });
    await expect(workInFleet({ ...queue, shared })).rejects.toThrow('submitted by revela 0.0.9, and this is');
    await job.updateData({ ...job.data, revela: packageVersion(), folder: '../../etc' });
    const { failed } = await workInFleet({ ...queue, shared, untilEmpty: true });
    expect(failed).toBe(1);
    const { failures } = await fleetStatus(queue);
    expect(failures.map(({ message }) => message)).toEqual([expect.stringContaining('no job of')]);
  }, 120_000);

  it('gives back what it works on when it is stopped, even where Redis is away', async () => {
    const shared = await pictures('stopped', 1, true);
    const queue = { redis: server.url, queue: 'stopped' };
    await submitPictures([join(shared, 'shots', 'large.jpg')], { work: 'denoise' }, base(shared, 'stopped'));
    const stopping = new AbortController();
    const freeze = await freezer();
    const working = workInFleet({ ...queue, shared, signal: stopping.signal });
    await freeze();
    const { active, workers } = await fleetStatus(queue);
    expect(active).toBe(1);
    expect(workers).toMatchObject([{ pid: process.pid }]);
    stopping.abort(new Error('enough'));
    expect(await working).toEqual({ pictures: 0, failed: 0 });
    expect(await fleetStatus(queue)).toMatchObject({ waiting: 1, active: 0, failed: 0 });
    const again = new AbortController();
    const freezeAgain = await freezer();
    const told: string[] = [];
    const second = workInFleet({
      ...{ ...queue, shared, signal: again.signal, untilEmpty: true },
      tell: (line) => void told.push(line),
    });
    await freezeAgain();
    await server.stop();
    await until(() => told.some((line) => line.endsWith('has gone away; waiting for it')));
    // By now it waits to hear whether anything is left.
    await new Promise((resolve) => setTimeout(resolve, 700));
    again.abort(new Error('enough'));
    expect(await second).toEqual({ pictures: 0, failed: 0 });
    await server.start();
    expect(await readdir(join(shared, 'clean'))).toEqual(['.revela-fleet']);
  }, 120_000);
});

/** All files of a folder and what is in them, but for those of fleets. */
async function contents(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('.revela-fleet'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const files = await Promise.all(
    names.map(
      async (name) => [name.slice(folder.length), (await readFile(name)).toString('base64')] as const,
    ),
  );
  return new Map(files);
}
