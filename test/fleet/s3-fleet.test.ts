import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fleetStatus, submitPictures, workInFleet } from '#src/fleet/index.js';
import { environmentWithout, expectRefusal, revela } from '../cli/command.js';
import { redisOrReason, type RedisServer, redisServer } from '../redis/server.js';
import { drawWork, madeAlone } from './own-work.js';
import { s3Key } from './s3-server.js';
import { open, path, server } from './s3-folder.js';

describe.skipIf(redisOrReason() !== undefined)('a fleet whose files lie in S3', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await redisServer();
  });
  afterAll(() => redis[Symbol.asyncDispose]());

  it('makes what one machine makes, with weights of one’s own, and fails pictures alone', async () => {
    await using storage = await open('s3://photos/all');
    const weights = path('own.safetensors');
    await drawWork(path('shots'), weights);
    for (const name of await readdir(path('shots')))
      await storage.put(`shots/${name}`, new Blob([await readFile(path('shots', name))]));
    await storage.put('shots/bad.jpg', new Blob(['no picture']));
    const queue = { redis: redis.url, queue: 's3' };
    const submit = (skipExisting: boolean) =>
      submitPictures(
        ['s3://photos/all/shots'],
        { work: 'denoise', options: { weights } },
        { ...queue, output: 's3://photos/all/clean', skipExisting },
      );
    const submitted = await submit(false);
    expect(submitted).toMatchObject({ pictures: 3, failures: [{ input: 's3://photos/all/shots/bad.jpg' }] });
    expect(submitted.failures[0]?.message).toContain('s3://photos/all/shots/bad.jpg');
    // One picture changes before it is done.
    await storage.put('shots/1.jpg', new Blob([await readFile(path('shots/0.jpg'))]));
    // Submitted to the bucket, not to a folder in it.
    const elsewhere = workInFleet({ ...queue, shared: 's3://photos/all' });
    await expect(elsewhere).rejects.toThrow('is not the folder that was submitted to');
    const done: string[] = [];
    const worked = await workInFleet({
      ...{ ...queue, shared: 's3://photos', untilEmpty: true, onDone: ({ output }) => done.push(output) },
    });
    expect(worked).toEqual({ pictures: 2, failed: 1 });
    expect(done.sort()).toEqual(['s3://photos/all/clean/0.jpg', 's3://photos/all/clean/2.jpg']);
    const { failures } = await fleetStatus(queue);
    expect(failures.map(({ message }) => message)).toEqual([
      's3://photos/all/shots/1.jpg was changed since it was submitted; submit it again',
    ]);
    const alone = await madeAlone(path('shots'), weights, path('single'));
    expect([...alone.keys()]).toEqual(['0.jpg', '1.jpg', '2.jpg']);
    for (const name of ['0.jpg', '2.jpg']) {
      await using file = await storage.fetch(`clean/${name}`);
      expect(alone.get(name)?.equals(await readFile(file.path))).toBe(true);
    }
    expect(await submit(true)).toMatchObject({ pictures: 1, skipped: 2 });
  }, 300_000);

  it('says what is missing in one line', async () => {
    const environment = { AWS_ACCESS_KEY_ID: '', AWS_ENDPOINT_URL_S3: server.endpoint };
    const submit = ['fleet', 'submit', 's3://photos/all/shots', '--denoise', '-o', 's3://photos/out'];
    const ending = await revela([...submit, '--redis', redis.url], { environment });
    expect(ending.code).toBe(1);
    expect(ending.stderr.trim().split('\n')).toEqual([
      expect.stringContaining('set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY'),
    ]);
    const without = revela([...submit, '--redis', redis.url], {
      environment: { ...environmentWithout('aws4fetch'), ...s3Key },
    });
    await expectRefusal(without, 1, 'npm install aws4fetch@1.0.20');
  }, 60_000);
});
