import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMetrics } from '#src/runs/index.js';
import {
  distill,
  resumeTraining,
  saveDenoiserWeights,
  trainDenoiser,
  trainUpscaler,
} from '#src/api/index.js';
import { openTeam, takePart, type TeamOptions } from '#src/fleet/index.js';
import { openTraining } from '#src/fleet/training/queue.js';
import type { Metrics } from '#src/runs/index.js';
import { photograph, temporaryFolder } from '../cli/command.js';
import { randomDenoiser } from '../models/denoisers.js';
import { type RedisServer, redisOrReason, redisServer } from '../redis/server.js';
import { until } from '../until.js';

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const path = temporaryFolder();

describe.skipIf(redisOrReason() !== undefined)('a training over machines', () => {
  let server: RedisServer;
  let shared = '';
  const started: ChildProcess[] = [];

  beforeAll(async () => {
    shared = path('shared');
    server = await redisServer();
    await mkdir(join(shared, 'shots'), { recursive: true });
    for (const i of [0, 1, 2])
      await photograph(64 + i, 60)
        .png()
        .toFile(join(shared, 'shots', `${i}.png`));
  });
  afterAll(async () => {
    for (const one of started) one.kill('SIGKILL');
    await server[Symbol.asyncDispose]();
  });

  /** A member that is a process of its own. */
  function member(queue: string, folder = shared): ChildProcess {
    const args = ['fleet', 'train', '--redis', server.url, '--queue', queue, '--shared', folder];
    const how = ['--threads', '1', '--device', 'cpu', '--lock-seconds', '2', '--json'];
    const child = spawn(process.execPath, [program, ...args, ...how], { stdio: ['ignore', 'pipe', 'pipe'] });
    started.push(child);
    return child;
  }

  async function ended(...members: readonly ChildProcess[]): Promise<readonly unknown[]> {
    return Promise.all(
      members.map(async (one) => {
        if (one.exitCode !== null) return one.exitCode;
        const exit = once(one, 'exit');
        one.kill('SIGINT');
        const [code]: readonly unknown[] = await exit;
        return code;
      }),
    );
  }

  const team = (queue: string, more: Partial<TeamOptions> = {}) =>
    openTeam({ redis: server.url, queue, shared, ...more });

  const run = (name: string) => ({
    ...({
      pictures: [join(shared, 'shots')],
      output: join(shared, name),
      device: 'cpu',
      threads: 1,
    } as const),
    ...{ steps: 6, patch: 20, batch: 1, baseChannels: 4, modules: 1, validateEvery: 6 },
  });

  const weights = (name: string) => readFile(join(shared, name, 'weights.safetensors'));

  async function metrics(name: string): Promise<readonly Metrics[]> {
    const all: Metrics[] = [];
    for await (const one of readMetrics(join(shared, name))) all.push(one);
    return all;
  }

  it('of one member is the training of one machine, byte by byte, whatever is added', async () => {
    const one = member('one');
    const queue = 'one';
    await trainDenoiser({ ...run('added'), team: team(queue) });
    await trainDenoiser(run('alone'));
    expect(await weights('added')).toEqual(await weights('alone'));
    expect(await metrics('added')).toMatchObject(
      [1, 2, 3, 4, 5, 6].map((step) => ({ step, processes: 1, counted: 1, late: 0, refused: 0 })),
    );
    expect(await ended(one)).toEqual([0]);
    // Nothing is left in Redis but what counts and names.
    await using opened = await openTraining({ redis: server.url, queue });
    for (const jobs of [opened.shares, opened.rounds])
      expect(Object.values(await jobs.getJobCounts()).every((count) => count === 0)).toBe(true);
  }, 120_000);

  it.each([
    ['added gradients', {}],
    ['local steps', { localSteps: 2 }],
  ])(
    'with %s repeats byte by byte: with two members, with one, and with one killed',
    async (what, plan) => {
      const queue = what.replace(' ', '-');
      const members = [member(queue), member(queue)];
      await trainDenoiser({ ...run(`${queue}-two`), team: team(queue, { workers: 2, ...plan }) });
      const [first] = members;
      const killed = once(first ?? expect.fail('no member'), 'exit');
      const notes: string[] = [];
      await trainDenoiser({
        ...run(`${queue}-killed`),
        team: team(queue, { workers: 2, ...plan }),
        onProgress(progress) {
          if (progress.kind === 'training' && progress.step <= 2) first?.kill('SIGKILL');
          if (progress.kind === 'note') notes.push(progress.message);
        },
      });
      await killed;
      await trainDenoiser({ ...run(`${queue}-one`), team: team(queue, { workers: 2, ...plan }) });
      expect(await weights(`${queue}-killed`)).toEqual(await weights(`${queue}-two`));
      expect(await weights(`${queue}-one`)).toEqual(await weights(`${queue}-two`));
      const steps = (await metrics(`${queue}-two`)).map(({ step }) => step);
      expect(steps).toEqual('localSteps' in plan ? [2, 4, 6] : [1, 2, 3, 4, 5, 6]);
      expect(notes.some((line) => line.endsWith('takes part') || line.endsWith('has left'))).toBe(true);
      expect(await ended(...members.slice(1))).toEqual([0]);
      // Of what was handed over only that of the last rounds stays.
      const left = (await readdir(join(shared, `${queue}-two`, 'rounds'))).filter((name) =>
        name.endsWith('.safetensors'),
      );
      expect(left.length).toBeLessThanOrEqual(12);
    },
    240_000,
  );

  it('goes on after its coordinator was killed, to the same bytes', async () => {
    const queue = 'coordinator';
    const plan = { workers: 2, localSteps: 2 };
    const args = ['train', 'denoiser', join(shared, 'shots'), '-o', join(shared, 'broken'), '--steps', 6];
    const size = ['--patch', 20, '--batch', 1, '--base-channels', 4, '--modules', 1, '--validate-every', 6];
    const fleet = [
      '--fleet',
      server.url,
      '--queue',
      queue,
      '--shared',
      shared,
      '--workers',
      2,
      '--local-steps',
      2,
    ];
    const how = ['--device', 'cpu', '--threads', 1, '--json'];
    const coordinator = spawn(
      process.execPath,
      [program, ...[...args, ...size, ...fleet, ...how].map(String)],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    started.push(coordinator);
    const exit = once(coordinator, 'exit');
    // Nobody does the other share of the second round, so that it cannot be over before its coordinator is.
    const leaving = new AbortController();
    await takePart({
      ...{ redis: server.url, queue, shared, device: 'cpu', threads: 1, signal: leaving.signal },
      onShare: ({ round }) => void (round === 2 && leaving.abort()),
    });
    coordinator.kill('SIGKILL');
    await exit;
    const one = member(queue);
    await expect(resumeTraining(join(shared, 'broken'))).rejects.toThrow(
      'is trained over machines, 2 shares',
    );
    await expect(
      resumeTraining(join(shared, 'broken'), { team: team(queue, { workers: 3 }) }),
    ).rejects.toThrow('`workers` of');
    const { startStep } = await resumeTraining(join(shared, 'broken'), {
      ...{ team: team(queue), device: 'cpu', threads: 1 },
    });
    expect(startStep).toBe(2);
    await trainDenoiser({ ...run('unbroken'), team: team(queue, plan) });
    expect(await weights('broken')).toEqual(await weights('unbroken'));
    expect(await ended(one)).toEqual([0]);
  }, 120_000);

  it('waits for a Redis that is killed in the middle, and goes on to the same bytes', async () => {
    const queue = 'away';
    const one = member(queue);
    const plan = { workers: 2, localSteps: 2 };
    const notes: string[] = [];
    let again: Promise<void> | undefined;
    await trainDenoiser({
      ...run('away'),
      team: team(queue, plan),
      onProgress(progress) {
        if (progress.kind === 'note') notes.push(progress.message);
        if (progress.kind === 'training') again ??= server.stop().then(() => server.start());
      },
    });
    await again;
    expect(notes.filter((line) => line.endsWith('waiting for it'))).not.toEqual([]);
    await trainDenoiser({ ...run('there'), team: team(queue, plan) });
    expect(await weights('away')).toEqual(await weights('there'));
    expect(await ended(one)).toEqual([0]);
  }, 120_000);

  it('distils, with a teacher from outside of the shared folder', async () => {
    const teacher = path('teacher.safetensors');
    await saveDenoiserWeights(teacher, randomDenoiser(8, 1));
    const one = member('student');
    const { modules: _, ...how } = run('student');
    const { steps } = await distill({
      ...{ ...how, teacher, variants: ['pd1'], patch: 32 },
      team: team('student', { workers: 2, localSteps: 3 }),
    });
    expect(steps).toBe(6);
    expect(await metrics('student')).toMatchObject([
      { step: 3, counted: 2 },
      { step: 6, counted: 2 },
    ]);
    expect(await ended(one)).toEqual([0]);
  }, 120_000);

  it('drops what comes too late, and says so', async () => {
    const queue = 'late';
    const one = member(queue);
    const notes: string[] = [];
    await trainDenoiser({
      ...{ ...run('late'), steps: 2, validateEvery: 2 },
      // One member does both shares; the second never in time.
      team: team(queue, { workers: 2, quorum: 1, roundSeconds: 0.001 }),
      onProgress: (progress) => void (progress.kind === 'note' && notes.push(progress.message)),
    });
    expect(await metrics('late')).toMatchObject([
      { counted: 1, late: 1 },
      { counted: 1, late: 1 },
    ]);
    expect(notes).toContain('Round 1: 1 of 2 shares came too late; what they find is left out');
    expect(await ended(one)).toEqual([0]);
  }, 120_000);

  it('refuses another folder, another version, jobs of others and what is trained by one alone', async () => {
    const queue = 'strange';
    const stopping = new AbortController();
    const notes: string[] = [];
    const training = trainDenoiser({
      ...{ ...run('strange'), team: team(queue), signal: stopping.signal },
      onProgress: (progress) => void (progress.kind === 'note' && notes.push(progress.message)),
    });
    await until(async () => notes.some((line) => line.startsWith('Nobody takes part')));
    const elsewhere = path('elsewhere');
    await cp(join(shared, 'shots'), join(elsewhere, 'shots'), { recursive: true });
    const part = (folder: string) => takePart({ redis: server.url, queue, shared: folder, device: 'cpu' });
    await expect(part(elsewhere)).rejects.toThrow('is not the folder of the run that is trained');
    await using opened = await openTraining({ redis: server.url, queue });
    const [job] = await opened.shares.getJobs(['wait', 'delayed']);
    if (job === undefined) throw new Error('the share is lost');
    await job.updateData({ ...job.data, revela: '0.0.9' });
    await expect(part(shared)).rejects.toThrow('the training is done by revela 0.0.9, and this is');
    await job.updateData({ ...job.data, revela: job.data.revela, weights: 'f'.repeat(64) });
    stopping.abort(new Error('enough'));
    const { finished, steps } = await training;
    expect([finished, steps]).toEqual([false, 0]);
    await expect(
      trainUpscaler({ pictures: [join(shared, 'shots')], output: join(shared, 'none'), team: team(queue) }),
    ).rejects.toThrow('is not trained over machines');
    await expect(
      trainDenoiser({ ...run('outside'), output: path('outside'), team: team(queue) }),
    ).rejects.toThrow('lies outside of');
  }, 120_000);

  it('puts a share that Redis lost back, with its round', async () => {
    const queue = 'lost';
    const stopping = new AbortController();
    const training = trainDenoiser({ ...run('put-back'), team: team(queue), signal: stopping.signal });
    await using opened = await openTraining({ redis: server.url, queue });
    const waiting = async () => (await opened.shares.getJobs(['wait']))[0];
    await until(async () => (await waiting()) !== undefined);
    const parent = (await waiting())?.parentKey ?? '';
    expect(parent).not.toBe('');
    for (const lost of [[opened.shares], [opened.shares, opened.rounds]]) {
      for (const one of lost) await one.obliterate({ force: true });
      await until(async () => (await waiting())?.parentKey === parent);
      expect(await opened.redis.client.exists(parent)).toBe(1);
    }
    stopping.abort(new Error('enough'));
    await training;
  }, 120_000);

  it('keeps a share that takes longer than its lock', async () => {
    const queue = 'long';
    const stopping = new AbortController();
    const { signal } = stopping;
    const told: string[] = [];
    const training = trainDenoiser({
      ...{ ...run('long'), steps: 1e6, signal, team: team(queue, { localSteps: 10_000 }) },
      onProgress: (progress) => void (progress.kind === 'note' && told.push(progress.message)),
    });
    const part = takePart({
      ...{ redis: server.url, queue, shared, device: 'cpu', threads: 1, lockSeconds: 6, signal },
    });
    await using opened = await openTraining({ redis: server.url, queue });
    const active = async () => (await opened.shares.getActive())[0];
    await until(async () => (await active()) !== undefined);
    const { id = '' } = (await active()) ?? {};
    // A lock is renewed when half of its time is over: after three times it would have been lost.
    let [left, renewals] = [0, 0];
    await until(async () => {
      const now = await opened.redis.client.pttl(`${opened.shares.toKey(id)}:lock`);
      if (now > left && left > 0) renewals += 1;
      left = now;
      return renewals === 3;
    });
    expect(await active()).toMatchObject({ id, stalledCounter: 0 });
    stopping.abort(new Error('enough'));
    expect(await part).toEqual({ shares: 0 });
    await training;
    expect(told.filter((line) => line.includes('no sign of life'))).toEqual([]);
  }, 120_000);

  it('cannot be taken part in where its weights cannot be got', async () => {
    const queue = 'weights';
    const stopping = new AbortController();
    const training = trainDenoiser({ ...run('lost'), team: team(queue), signal: stopping.signal });
    await using opened = await openTraining({ redis: server.url, queue });
    await until(async () => (await opened.shares.getJobs(['wait'])).length > 0);
    const rounds = join(shared, 'lost', 'rounds');
    for (const name of await readdir(rounds)) if (name.endsWith('.safetensors')) await rm(join(rounds, name));
    const part = takePart({ redis: server.url, queue, shared, device: 'cpu' });
    await expect(part).rejects.toThrow(/cannot read .*\.safetensors/);
    // The share is still there, for others.
    expect(await opened.shares.getJobCounts('wait', 'active')).toMatchObject({ wait: 1, active: 0 });
    stopping.abort(new Error('enough'));
    await training;
  }, 120_000);
});
