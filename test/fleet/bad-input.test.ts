import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trainDenoiser } from '#src/api/index.js';
import { fleetStatus, openTeam, submitPictures, workInFleet } from '#src/fleet/index.js';
import { nameText, prefix } from '#src/fleet/queue.js';
import { packageVersion } from '#src/package-version.js';
import { openRedis } from '#src/redis/index.js';
import { photograph, revela, temporaryFolder } from '../cli/command.js';
import { oldRedis } from '../redis/old-redis.js';
import { redisOrReason, type RedisServer, redisServer } from '../redis/server.js';
import { until } from '../until.js';

const path = temporaryFolder();

/** Everything that takes a Redis. */
const commands: Readonly<Record<string, readonly string[]>> = {
  submit: ['fleet', 'submit', 'shots', '-o', 'clean', '--denoise', '--redis'],
  work: ['fleet', 'work', '--redis'],
  status: ['fleet', 'status', '--redis'],
  member: ['fleet', 'train', '--redis'],
  train: [
    ...['train', 'denoiser', 'shots', '-o', 'run', '--steps', '2', '--patch', '20', '--batch', '1'],
    ...['--base-channels', '4', '--modules', '1', '--device', 'cpu', '--fleet'],
  ],
  serve: ['serve', '--port', '0', '--folder', 'service', '--redis'],
  workers: ['serve', '--workers-only', '--folder', 'service', '--redis'],
};

describe.skipIf(redisOrReason() !== undefined)('a Redis', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await redisServer(['--requirepass', 'right']);
    await mkdir(path('shots'));
    await photograph(66, 65).png().toFile(path('shots', 'a.png'));
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const right = () => server.url.replace('//', '//:right@');

  /** The last line of a command that ends with 1; whatever stands before is no fault. */
  async function refusalOf(name: string, url: string): Promise<string> {
    const { code, stderr } = await revela([...(commands[name] ?? []), url], { cwd: path() });
    const lines = stderr.trimEnd().split('\n');
    expect(
      lines.filter((line) => line.startsWith('revela: ')),
      stderr,
    ).toHaveLength(1);
    expect([code, lines.at(-1)], stderr).toEqual([
      1,
      expect.stringMatching(/^revela: Redis at 127\.0\.0\.1:\d+ /),
    ]);
    return lines.at(-1) ?? '';
  }

  it.each(Object.keys(commands))(
    'that wants another password, or is too old, is refused by %s',
    async (name) => {
      for (const url of [server.url, server.url.replace('//', '//:wrong@')])
        expect(await refusalOf(name, url)).toContain('wants another user or password');
      await using old = await oldRedis(server);
      const line = await refusalOf(name, old.url.replace('//', '//:right@'));
      expect(line).toMatch(/runs Redis 5\.\S+; expected 6\.2\.0 or newer/);
    },
  );

  it('that is full takes no pictures, no rounds and no services, and says so in a line', async () => {
    await using redis = await openRedis({ url: right(), what: 'the test' });
    await redis.client.config('SET', 'maxmemory', '1');
    for (const name of ['submit', 'train', 'serve', 'workers'])
      expect(await refusalOf(name, right())).toContain('is full: give it more memory');
    await redis.client.config('SET', 'maxmemory', '0');
    // What was refused goes in now.
    expect((await revela([...(commands['submit'] ?? []), right()], { cwd: path() })).code).toBe(0);
  });

  it('that is full for a while loses no picture that is worked on', async () => {
    const queue = { redis: right(), queue: 'full' };
    const output = path('clean-full');
    const shared = path();
    await submitPictures([path('shots')], { work: 'denoise' }, { ...queue, shared, output });
    await using redis = await openRedis({ url: right(), what: 'the test' });
    await redis.client.config('SET', 'maxmemory', '1');
    const told: string[] = [];
    const working = workInFleet({
      ...{ ...queue, shared, untilEmpty: true, lockSeconds: 10 },
      tell: (line) => void told.push(line),
    });
    await until(() => told.some((line) => line.includes('is full: give it more memory')));
    await redis.client.config('SET', 'maxmemory', '0');
    await working;
    expect(await readdir(output)).toEqual(expect.arrayContaining(['a.png']));
    expect(await fleetStatus(queue)).toMatchObject({ waiting: 0, active: 0, failed: 0 });
  }, 180_000);

  it('at which a worker of another version waits gets no jobs of this one', async () => {
    await using redis = await openRedis({ url: right(), what: 'the test' });
    const name = nameText({ host: 'attic', pid: 7, revela: '0.0.9' });
    const there = ['pictures', 'training'].map(
      (queue) => new redis.bullmq.Worker(queue, null, { connection: redis.client, prefix, name }),
    );
    await Promise.all(there.map((worker) => worker.waitUntilReady()));
    const shared = path();
    const output = path('clean-version');
    const both = `7 on attic is revela 0.0.9, and this is ${packageVersion()}: install the same version`;
    const submitting = submitPictures(
      [path('shots')],
      { work: 'denoise' },
      { redis: right(), queue: 'pictures', shared, output },
    );
    await expect(submitting).rejects.toThrow(`the worker ${both}`);
    const training = trainDenoiser({
      ...{ pictures: [path('shots')], output: path('run-version'), steps: 2, patch: 20, batch: 1 },
      ...{ baseChannels: 4, modules: 1, device: 'cpu', team: openTeam({ redis: right(), shared }) },
    });
    await expect(training).rejects.toThrow(`the member ${both}`);
    await Promise.all(there.map((worker) => worker.close()));
    expect(await fleetStatus({ redis: right(), queue: 'pictures' })).toMatchObject({ waiting: 0 });
  });

  it('has nothing to do with folders that are not shared', async () => {
    const elsewhere = join(path(), 'elsewhere');
    await mkdir(elsewhere);
    const { code, stderr } = await revela([...(commands['submit'] ?? []), right(), '--shared', elsewhere], {
      cwd: path(),
    });
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(
        /^revela: clean lies outside of \S+elsewhere, which is taken for the folder .* by --shared\n$/,
      ),
    ]);
  });
});
