import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resumeTraining, trainDenoiser } from '#src/api/index.js';
import { takePart } from '#src/fleet/index.js';
import { openTraining } from '#src/fleet/training/queue.js';
import { redisOrReason } from '../redis/server.js';
import { until } from '../until.js';
import { program } from '../program.js';
import { trainingTeam } from './training-team.js';

describe.skipIf(redisOrReason() !== undefined)(
  'a training over machines that loses what it works with',
  () => {
    const { ended, member, metrics, run, server, shared, stopsAtEnd, team, weights } = trainingTeam();

    it('goes on after its coordinator was killed, to the same bytes', async () => {
      const queue = 'coordinator';
      const plan = { workers: 2, localSteps: 2 };
      const args = [
        'train',
        'denoiser',
        join(shared(), 'shots'),
        '-o',
        join(shared(), 'broken'),
        '--steps',
        6,
      ];
      const size = ['--patch', 20, '--batch', 1, '--base-channels', 4, '--modules', 1, '--validate-every', 6];
      const fleet = [
        '--fleet',
        server().url,
        '--queue',
        queue,
        '--shared',
        shared(),
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
      stopsAtEnd(coordinator);
      const exit = once(coordinator, 'exit');
      // Nobody does the other share of the second round, so that it cannot be over before its coordinator is.
      const leaving = new AbortController();
      await takePart({
        ...{
          redis: server().url,
          queue,
          shared: shared(),
          device: 'cpu',
          threads: 1,
          signal: leaving.signal,
        },
        onShare: ({ round }) => void (round === 2 && leaving.abort()),
      });
      coordinator.kill('SIGKILL');
      await exit;
      const one = member(queue);
      await expect(resumeTraining(join(shared(), 'broken'))).rejects.toThrow(
        'is trained over machines, 2 shares',
      );
      await expect(
        resumeTraining(join(shared(), 'broken'), { team: team(queue, { workers: 3 }) }),
      ).rejects.toThrow('`workers` of');
      const { startStep } = await resumeTraining(join(shared(), 'broken'), {
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
          if (progress.kind === 'training')
            again ??= server()
              .stop()
              .then(() => server().start());
        },
      });
      await again;
      expect(notes.filter((line) => line.endsWith('waiting for it'))).not.toEqual([]);
      await trainDenoiser({ ...run('there'), team: team(queue, plan) });
      expect(await weights('away')).toEqual(await weights('there'));
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

    it('puts a share that Redis lost back, with its round', async () => {
      const queue = 'lost';
      const stopping = new AbortController();
      const training = trainDenoiser({ ...run('put-back'), team: team(queue), signal: stopping.signal });
      await using opened = await openTraining({ redis: server().url, queue });
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
        ...{
          redis: server().url,
          queue,
          shared: shared(),
          device: 'cpu',
          threads: 1,
          lockSeconds: 6,
          signal,
        },
      });
      await using opened = await openTraining({ redis: server().url, queue });
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
  },
);
