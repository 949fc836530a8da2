import { describe, expect, it, vi } from 'vitest';
import { checkRedis, openRedis, redisError } from '#src/redis/index.js';
import { clockWarning } from '#src/redis/redis-facts.js';
import { until } from '../until.js';
import { oldRedis } from './old-redis.js';
import { redisOrReason, redisServer } from './server.js';

const what = 'the fleet';

it('refuses a Redis that is too old or throws jobs away, and says where what waits may be lost', () => {
  const info = (version: string, policy = 'noeviction', aof = 1): string =>
    `# Server\r\nredis_version:${version}\r\nmaxmemory_policy:${policy}\r\naof_enabled:${aof}\r\n`;
  expect(() => checkRedis(info('6.0.16'), 'Redis at a:1')).toThrow('runs Redis 6.0.16; expected 6.2.0');
  expect(() => checkRedis('', 'Redis at a:1')).toThrow('unknown version');
  expect(() => checkRedis(info('7.0.15', 'allkeys-lru'), 'Redis at a:1')).toThrow('noeviction');
  expect(checkRedis(info('7.0.15', 'noeviction', 0), 'Redis at a:1')).toHaveLength(1);
  for (const version of ['6.2.0', '7.0.15', '10.0.0']) expect(checkRedis(info(version), 'Redis')).toEqual([]);
});

it('tells answers of Redis in one line', () => {
  const told = (message: string): unknown => redisError(new Error(message), 'Redis at a:1');
  expect(told("OOM command not allowed when used memory > 'maxmemory'.")).toMatchObject({
    code: 'ERR_MEMORY',
  });
  expect(told('NOAUTH Authentication required.')).toMatchObject({ code: 'ERR_ACCESS' });
  const untrusted = Object.assign(new Error('self-signed certificate'), {
    code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
  });
  expect(String(redisError(untrusted, 'Redis at a:1'))).toContain('no certificate that is trusted here');
  for (const lost of [
    'Missing key for job 1a. moveToFinished',
    'Lock mismatch for job 1a. Cmd moveToFinished from active',
    'could not renew lock for job 1a',
  ])
    expect(String(told(lost))).toContain('another one does it again, or has done it');
  expect(told('ERR syntax error')).not.toHaveProperty('code');
});

it('says of clocks that disagree by how much', () => {
  const told = (there: number, begin: number, end = begin) =>
    clockWarning([`${there}`, '0'], [begin * 1000, end * 1000], 'Redis at a:1');
  for (const [there, begin, end] of [
    [1000, 1000, 1000.9],
    [1000, 1005, 1005],
    [1004, 1000, 1000],
    // It was long on its way.
    [1000, 900, 1100],
  ] as const)
    expect(told(there, begin, end)).toBeUndefined();
  expect(told(1000, 4601)).toMatch(
    /^The clock of this machine is 3600 s ahead of that of Redis at a:1: set both/,
  );
  expect(told(4600, 1000)).toMatch(/^The clock of this machine is 3600 s behind that of Redis at a:1/);
});

it('refuses an address that is none, without telling a password', async () => {
  for (const url of ['127.0.0.1:6379', 'http://127.0.0.1', 'redis://'])
    await expect(openRedis({ url, what })).rejects.toThrow('redis://127.0.0.1:6379');
  const secret = openRedis({ url: 'http://me:secret@host', what });
  await expect(secret).rejects.toThrow('http://…@host');
  const written: readonly (readonly [string, string])[] = [
    ['redis://:pass/word@host:6379', 'got redis://…@host:6379'],
    ['redis://me:12/word@host', 'got redis://…@host'],
    ['redis://me:12?word@host', 'got redis://…@host'],
    ['redis://me:p@ss/word@host:1', 'got redis://…@host:1'],
    ['redis://:word', 'got redis://'],
    ['me:p@word@host', 'got …@host'],
  ];
  for (const [url, told] of written) {
    const message = await openRedis({ url, what }).then(
      () => 'opened',
      (error: unknown) => String(error),
    );
    expect(message.endsWith(told), message).toBe(true);
  }
});

describe.skipIf(redisOrReason() !== undefined)('with redis-server', () => {
  it('refuses a wrong password, and none', async () => {
    await using server = await redisServer(['--requirepass', 'right']);
    for (const user of ['', ':wrong@']) {
      const url = `redis://${user}127.0.0.1:${server.port}`;
      await expect(openRedis({ url, what })).rejects.toThrow('wants another user or password');
    }
    await using redis = await openRedis({ url: `redis://:right@127.0.0.1:${server.port}`, what });
    expect(redis.address).toBe(`Redis at 127.0.0.1:${server.port}`);
  });

  it('refuses a database that is not there, and takes a password of any letters', async () => {
    const password = 'a/b@c?d#e:f%';
    await using server = await redisServer(['--requirepass', password]);
    const url = `redis://:${encodeURIComponent(password)}@127.0.0.1:${server.port}`;
    await using redis = await openRedis({ url: `${url}/3`, what });
    expect(await redis.client.ping()).toBe('PONG');
    await expect(openRedis({ url: `${url}/99`, what })).rejects.toThrow('has no database of the number');
  });

  it('says once that a password was changed', async () => {
    await using server = await redisServer(['--requirepass', 'right']);
    const told: string[] = [];
    const url = `redis://:right@127.0.0.1:${server.port}`;
    await using redis = await openRedis({ url, what, tell: (line) => told.push(line) });
    const queue = new redis.bullmq.Queue('jobs', { connection: redis.client, skipVersionCheck: true });
    queue.on('error', redis.tellError);
    let refused = 0;
    redis.client.on('error', () => (refused += 1));
    await redis.client.config('SET', 'requirepass', 'other');
    redis.client.disconnect(true);
    await until(() => refused > 2);
    const about = told.filter((line) => /wants another user or password|WRONGPASS/.test(line));
    expect(about).toHaveLength(1);
  }, 60_000);

  it('refuses one that is too old, and says that the clocks disagree', async () => {
    await using server = await redisServer();
    await using old = await oldRedis(server);
    await expect(openRedis({ url: old.url, what })).rejects.toThrow(
      /runs Redis 5\.\S+; expected 6\.2\.0 or newer/,
    );
    const told: string[] = [];
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3_600_000 });
    try {
      await using redis = await openRedis({ url: server.url, what, tell: (line) => void told.push(line) });
      expect(await redis.client.ping()).toBe('PONG');
    } finally {
      vi.useRealTimers();
    }
    expect(told).toEqual([
      expect.stringMatching(/^The clock of this machine is 3[56]\d\d s behind that of Redis/),
    ]);
  });

  it('waits for one that is away, says so once, and goes on', async () => {
    await using server = await redisServer();
    await server.stop();
    const told: string[] = [];
    const tell = (line: string): void => void told.push(line);
    const opening = openRedis({ url: server.url, what, tell });
    await until(() => told.length > 0);
    await server.start();
    await using redis = await opening;
    expect(await redis.client.set('key', 'value')).toBe('OK');
    const address = `Redis at 127.0.0.1:${server.port}`;
    expect(told).toEqual([
      `${address} cannot be reached (nobody listens there); waiting for it`,
      `${address} is there again`,
    ]);
    await server.stop('SIGTERM');
    await until(() => told.length > 2);
    const asking = redis.client.get('key');
    await server.start();
    expect(await asking).toBe('value');
    expect(told.slice(2)).toEqual([`${address} has gone away; waiting for it`, `${address} is there again`]);
  }, 60_000);

  it('says of one that is silent that it does not answer, and goes on', async () => {
    await using server = await redisServer();
    server.freeze(true);
    const told: string[] = [];
    const opening = openRedis({
      ...{ url: server.url, what, patience: 200 },
      tell: (line) => void told.push(line),
    });
    await until(() => told.length > 0);
    server.freeze(false);
    await using redis = await opening;
    // On a machine with much to do it may be silent for so short a while by itself.
    await until(() => redis.isThere);
    server.freeze(true);
    const asking = redis.client.get('key');
    await until(() => !redis.isThere);
    server.freeze(false);
    expect(await asking).toBe(null);
    await until(() => redis.isThere);
    const address = `Redis at 127.0.0.1:${server.port}`;
    const [silent, again] = [`${address} does not answer; waiting for it`, `${address} is there again`];
    expect(told.length).toBeGreaterThanOrEqual(4);
    expect(told).toEqual(told.map((_, i) => (i % 2 === 0 ? silent : again)));
  }, 60_000);

  it('stops waiting when it is asked to', async () => {
    const stopping = new AbortController();
    const opening = openRedis({ url: 'redis://127.0.0.1:1', what, signal: stopping.signal });
    stopping.abort(new Error('enough'));
    await expect(opening).rejects.toThrow('enough');
  });
});
