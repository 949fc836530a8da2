import { describe, expect, it } from 'vitest';
import { fleetLoad } from '#src/fleet/index.js';
import { addJobs } from '#src/fleet/add-jobs.js';
import { openQueue } from '#src/fleet/queue.js';
import { redisOrReason, redisServer } from '../redis/server.js';

/** Ten million photographs of 4 MB, a thousand machines, a disk of 10 GB/s, one machine that submits at 400 MB/s. */
const large = {
  ...{ pictures: 1e7, pictureBytes: 4e6, picturesPerJob: 1, pathLength: 40 },
  ...{ workers: 1000, secondsPerPicture: 5 },
  ...{ folderBytesPerSecond: 10e9, submitBytesPerSecond: 400e6 },
};

describe('the arithmetic of a fleet', () => {
  it('of 1,000 workers and ten million photographs: submitting is slowest, then computing', () => {
    const one = fleetLoad(large);
    expect(one.bottleneck).toBe('submitting');
    expect(one.seconds.computing).toBe(50_000);
    expect(one.seconds.submitting).toBe(100_000);
    expect(one.redisBytes / 1e9).toBeCloseTo(13.2, 1);
    const four = fleetLoad({ ...large, submitters: 4 });
    expect(four.bottleneck).toBe('computing');
    expect(fleetLoad({ ...large, submitters: 4, workers: 2100 }).bottleneck).toBe('submitting');
    expect(fleetLoad({ ...large, submitters: 10, workers: 4100 }).bottleneck).toBe('computing');
    expect(fleetLoad({ ...large, submitters: 10, workers: 4300 }).bottleneck).toBe('folder');
    // Redis has next to nothing to do.
    expect(four.redisCommands).toBeLessThan(1000);
    expect(four.seconds.redis).toBeLessThan(four.seconds.computing / 10);
  });

  it('of ten million small pictures: submitting again, and in bundles Redis holds little more than their paths', () => {
    const small = fleetLoad({
      ...{ ...large, pictureBytes: 12_000, secondsPerPicture: 0.02 },
      ...{ picturesPerJob: 32, submitters: 1 },
    });
    expect(small.jobs).toBe(312_500);
    expect(small.redisBytes / 1e9).toBeCloseTo(3.5, 1);
    expect(small.bottleneck).toBe('submitting');
    const single = fleetLoad({ ...large, pictureBytes: 12_000, secondsPerPicture: 0.02 });
    expect(single.bottleneck).toBe('redis');
  });
});

describe.skipIf(redisOrReason() !== undefined)('with redis-server', () => {
  it.each([1, 32])(
    'what Redis holds of jobs of %i pictures is what the arithmetic says, within a quarter',
    async (many) => {
      await using server = await redisServer();
      await using opened = await openQueue({ redis: server.url });
      // What it keeps for connections and on its way to the disk is not held.
      const used = async (): Promise<number> => {
        const told = await opened.redis.client.info('memory');
        const of = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(told)?.[1]);
        return of('used_memory') - of('mem_clients_normal') - of('mem_aof_buffer');
      };
      const before = await used();
      const count = 3200 / many;
      const path = (place: string, i: number, at: number): string =>
        `${place}/${`${i * many + at}`.padStart(39 - place.length, '0')}`;
      const jobs = Array.from({ length: count }, (_, i) => ({
        ...{ revela: '0.1.0', recipe: '0'.repeat(32), folder: 'clean' },
        pictures: Array.from({ length: many }, (_, at) => ({
          ...{ input: path('shots', i, at), output: path('clean', i, at) },
          sha256: (i * many + at).toString(16).padStart(64, '0'),
          proof: (i * many + at).toString(36).padStart(22, '0'),
        })),
      }));
      for (let at = 0; at < count; at += 100) await addJobs(opened, jobs.slice(at, at + 100));
      const held = (await used()) - before;
      const { redisBytes } = fleetLoad({ ...large, pictures: 3200, picturesPerJob: many });
      expect(held / redisBytes, `${held / count} bytes a job`).toBeGreaterThan(0.75);
      expect(held / redisBytes, `${held / count} bytes a job`).toBeLessThan(1.25);
      // The same jobs again are the same jobs.
      expect(await addJobs(opened, jobs.slice(0, 50))).toBe(Math.min(50, count));
      expect(await opened.queue.getWaitingCount()).toBe(count);
    },
    60_000,
  );
});
