import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Queue, Worker } from 'bullmq';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settled } from '#src/options/index.js';
import { openRedis, type OpenRedis } from '#src/redis/index.js';
import { type Job, type JobRequest, keyOf } from '#src/serve/job.js';
import { Jobs } from '#src/serve/jobs.js';
import { Metrics } from '#src/serve/metrics.js';
import { limitOptions } from '#src/serve/options.js';
import { storedJob, storedOutcome } from '#src/serve/redis-job.js';
import { agree, renew } from '#src/serve/redis-members.js';
import { RedisQueue } from '#src/serve/redis-queue.js';
import { queueName } from '#src/serve/redis-worker.js';
import { Spool } from '#src/serve/spool.js';
import { redisOrReason, type RedisServer, redisServer } from '../redis/server.js';

const base = mkdtempSync(join(tmpdir(), 'revela-serve-services-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));
const limits = settled(limitOptions, {});
const members = 'revela:serve:members';

describe.skipIf(redisOrReason() !== undefined)('several services on one Redis', () => {
  let server: RedisServer;
  let redis: OpenRedis;
  let spool: Spool;
  let queue: Queue;

  beforeAll(async () => {
    server = await redisServer();
    redis = await openRedis({ url: server.url, what: 'the test' });
    spool = await Spool.shared(1e9, mkdtempSync(join(base, 'shared-')));
    queue = new Queue(queueName, { connection: redis.client });
  });
  afterAll(async () => {
    await queue.close();
    await redis.close();
    await server[Symbol.asyncDispose]();
  });

  /** The jobs of a service that leaves work to others. */
  const service = async () => {
    const own = await Spool.shared(1e9, spool.folder);
    const waiting = new RedisQueue({ redis, spool: own, limits, worker: undefined });
    const jobs = new Jobs(waiting, own, limits, new Metrics());
    await waiting.ready();
    const close = async (): Promise<void> => {
      await jobs.end(0.1);
      await jobs.close();
    };
    return { jobs, [Symbol.asyncDispose]: close };
  };
  const request = (id: string): JobRequest => ({
    ...{ id, client: 'me', operation: 'score', fingerprint: randomUUID(), attended: false },
    ...{ given: new Map(), files: [spool.newPath()] },
  });
  const added = (jobs: Jobs, id: string): Promise<Job> => jobs.add(request(id), jobs.takePlace('me'));
  const found = async (jobs: Jobs, id: string): Promise<Job> => {
    const job = await jobs.find('me', id);
    if (job === undefined) throw new Error(`there is no job ${id}`);
    return job;
  };
  /** Answers what waits. */
  const worked = async (job: Job): Promise<void> => {
    const worker = new Worker(
      queueName,
      async () => {
        const path = spool.newPath();
        await writeFile(path, 'a result');
        const result = { path, bytes: 8, type: 'text/plain', headers: {} };
        return storedOutcome({ result }, { progress: 1, notes: [] }, spool);
      },
      { connection: redis.client },
    );
    await job.over();
    await worker.close();
    expect(job.state).toBe('done');
  };

  it('leave each other what took the place of a job that was removed', async () => {
    await using one = await service();
    await using two = await service();
    const first = await added(one.jobs, 'again');
    await worked(first);
    const seen = await found(two.jobs, 'again');
    expect(seen.state).toBe('done');
    await one.jobs.forget(first);
    const second = await added(one.jobs, 'again');
    expect((await found(two.jobs, 'again')).request.files).toEqual(second.request.files);
    // As when the time of its result is up.
    await two.jobs.forget(seen);
    expect(await queue.getJob(keyOf(second.request))).toBeDefined();
    await worked(second);
    await one.jobs.forget(second);
  });

  it('know no more what another one removed, and what it cancelled as cancelled', async () => {
    await using one = await service();
    await using two = await service();
    const done = await added(one.jobs, 'done');
    await worked(done);
    await found(two.jobs, 'done');
    await one.jobs.forget(done);
    expect(await two.jobs.find('me', 'done')).toBeUndefined();

    const other = await added(one.jobs, 'heard');
    await worked(other);
    await found(two.jobs, 'heard');
    await one.jobs.forget(other);
    await expect.poll(() => two.jobs.kept).toBe(0);

    const waits = await added(one.jobs, 'waits');
    const followed = await found(two.jobs, 'waits');
    await one.jobs.cancel(waits);
    await followed.over();
    expect([followed.state, followed.problem?.code]).toEqual(['cancelled', 'ERR_CANCELLED']);
    // The id is free, for a job that nobody takes for the one that was cancelled.
    await one.jobs.forget(waits);
    await expect.poll(() => two.jobs.kept).toBe(0);
    const anew = await added(two.jobs, 'waits');
    expect((await found(one.jobs, 'waits')).request.files).toEqual(anew.request.files);
    await two.jobs.cancel(anew);
  });

  it('answer nothing for a job that Redis has not taken', async () => {
    await using one = await service();
    await using two = await service();
    await redis.client.config('SET', 'maxmemory', '1');
    const answers = await Promise.allSettled([added(one.jobs, 'full'), one.jobs.find('me', 'full')]);
    await redis.client.config('SET', 'maxmemory', '0');
    const busy = { status: 'rejected', reason: expect.objectContaining({ code: 'ERR_BUSY' }) };
    expect(answers).toEqual([busy, busy]);
    expect(one.jobs.kept).toBe(0);
    // Of two that take in one id at once, both answer for the same job.
    const [here, there] = await Promise.all([added(one.jobs, 'both'), added(two.jobs, 'both')]);
    expect(here.request.files).toEqual(there.request.files);
    await one.jobs.cancel(here);
  });

  it('agree on a folder that none of them sees half marked', async () => {
    const folder = mkdtempSync(join(base, 'new-'));
    const leave = await Promise.all([1, 2, 3, 4].map(() => agree(redis, folder)));
    for (const end of leave) end();
    const empty = mkdtempSync(join(base, 'empty-'));
    await writeFile(join(empty, 'revela-serve'), '');
    await expect(agree(redis, empty)).rejects.toThrow(`${join(empty, 'revela-serve')} is empty`);
    await redis.client.del(members);
  });

  it('renew what they agreed on, and nothing of others', async () => {
    await redis.client.set(members, 'theirs', 'PX', 5000);
    await renew(redis.client, 'ours');
    expect(await redis.client.get(members)).toBe('theirs');
    expect(await redis.client.pttl(members)).toBeLessThanOrEqual(5000);
    await redis.client.set(members, 'ours', 'PX', 5000);
    await renew(redis.client, 'ours');
    expect(await redis.client.pttl(members)).toBeGreaterThan(5000);
    await redis.client.del(members);
    await renew(redis.client, 'ours');
    expect(await redis.client.get(members)).toBe('ours');
    await redis.client.del(members);
  });

  it('do not begin while jobs of another version wait', async () => {
    await using one = await service();
    const job = await added(one.jobs, 'older');
    const entry = await queue.getJob(keyOf(job.request));
    await entry?.updateData({ ...storedJob(job, spool, limits), version: '0.0.9' });
    await expect(agree(redis, spool.folder)).rejects.toThrow(
      /jobs of Revela 0\.0\.9 wait in Redis at .*, and this is 0\.1\.0: let a worker of that version/,
    );
    // A worker of that version can come at once.
    expect(await redis.client.exists(members)).toBe(0);
    expect(await entry?.getState()).toBe('waiting');
    await one.jobs.cancel(job);
  });
});
