import { once } from 'node:events';
import { cp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { distill, saveDenoiserWeights, trainDenoiser, trainUpscaler } from '#src/api/index.js';
import { takePart } from '#src/fleet/index.js';
import { openTraining } from '#src/fleet/training/queue.js';
import { randomDenoiser } from '../models/denoisers.js';
import { redisOrReason } from '../redis/server.js';
import { until } from '../until.js';
import { trainingTeam } from './training-team.js';

describe.skipIf(redisOrReason() !== undefined)('a training over machines', () => {
  const { ended, member, metrics, path, run, server, shared, team, weights } = trainingTeam();

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
    await using opened = await openTraining({ redis: server().url, queue });
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
      const left = (await readdir(join(shared(), `${queue}-two`, 'rounds'))).filter((name) =>
        name.endsWith('.safetensors'),
      );
      expect(left.length).toBeLessThanOrEqual(12);
    },
    240_000,
  );

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
    await cp(join(shared(), 'shots'), join(elsewhere, 'shots'), { recursive: true });
    const part = (folder: string) => takePart({ redis: server().url, queue, shared: folder, device: 'cpu' });
    await expect(part(elsewhere)).rejects.toThrow('is not the folder of the run that is trained');
    await using opened = await openTraining({ redis: server().url, queue });
    const [job] = await opened.shares.getJobs(['wait', 'delayed']);
    if (job === undefined) throw new Error('the share is lost');
    await job.updateData({ ...job.data, revela: '0.0.9' });
    await expect(part(shared())).rejects.toThrow('the training is done by revela 0.0.9, and this is');
    await job.updateData({ ...job.data, revela: job.data.revela, weights: 'f'.repeat(64) });
    stopping.abort(new Error('enough'));
    const { finished, steps } = await training;
    expect([finished, steps]).toEqual([false, 0]);
    await expect(
      trainUpscaler({
        pictures: [join(shared(), 'shots')],
        output: join(shared(), 'none'),
        team: team(queue),
      }),
    ).rejects.toThrow('is not trained over machines');
    await expect(
      trainDenoiser({ ...run('outside'), output: path('outside'), team: team(queue) }),
    ).rejects.toThrow('lies outside of');
  }, 120_000);

  it('cannot be taken part in where its weights cannot be got', async () => {
    const queue = 'weights';
    const stopping = new AbortController();
    const training = trainDenoiser({ ...run('lost'), team: team(queue), signal: stopping.signal });
    await using opened = await openTraining({ redis: server().url, queue });
    await until(async () => (await opened.shares.getJobs(['wait'])).length > 0);
    const rounds = join(shared(), 'lost', 'rounds');
    for (const name of await readdir(rounds)) if (name.endsWith('.safetensors')) await rm(join(rounds, name));
    const part = takePart({ redis: server().url, queue, shared: shared(), device: 'cpu' });
    await expect(part).rejects.toThrow(/cannot read .*\.safetensors/);
    // The share is still there, for others.
    expect(await opened.shares.getJobCounts('wait', 'active')).toMatchObject({ wait: 1, active: 0 });
    stopping.abort(new Error('enough'));
    await training;
  }, 120_000);
});
