import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Queue } from 'bullmq';
import { score } from 'revela';
import { serve, type ServeOptions, type Service, serveWork, type ServeWorker } from 'revela/serve';
import { packageVersion } from '#src/package-version.js';
import { openRedis, type OpenRedis } from '#src/redis/index.js';
import { Engine } from '#src/serve/engine.js';
import { RedisWorker } from '#src/serve/redis-worker.js';
import { Spool } from '#src/serve/spool.js';
import { expectRefusal, photograph, revela } from '../cli/command.js';
import { redisOrReason, type RedisServer, redisServer } from '../redis/server.js';
import { program } from '../program.js';

const base = mkdtempSync(join(tmpdir(), 'revela-serve-redis-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const picture = async (width: number, height: number) =>
  Uint8Array.from(await photograph(width, height).png().toBuffer());
const asked = 'operation=score&metric=niqe';

describe.skipIf(redisOrReason() !== undefined)('on Redis', () => {
  let server: RedisServer;
  let redis: OpenRedis;
  let folder: string;
  let small: Uint8Array<ArrayBuffer>;
  let large: Uint8Array<ArrayBuffer>;
  /** Takes many times longer than to ask for it and to look at it; whatever is made of it is stopped. */
  let huge: Uint8Array<ArrayBuffer>;

  beforeAll(async () => {
    server = await redisServer();
    redis = await openRedis({ url: server.url, what: 'the test' });
    folder = mkdtempSync(join(base, 'shared-'));
    [small, large, huge] = [await picture(230, 110), await picture(600, 500), await picture(1600, 1200)];
  }, 180_000);
  afterAll(async () => {
    await redis.close();
    await server[Symbol.asyncDispose]();
  });

  const started = (options: ServeOptions = {}): Promise<Service> =>
    serve({
      ...{ port: 0, redis: server.url, folder, device: 'cpu', threads: 1 },
      ...{ ...options, limits: { places: 0, graceSeconds: 0.1, ...options.limits } },
    });
  const working = (graceSeconds = 20): Promise<ServeWorker> =>
    serveWork({ redis: server.url, folder, places: 1, graceSeconds, device: 'cpu', threads: 1 });
  const put = ({ address }: Service, id: string, body: Uint8Array<ArrayBuffer>, query = asked) =>
    fetch(`${address}/v1/jobs/${id}?${query}`, { method: 'PUT', body });
  const shown = async ({ address }: Service, id: string): Promise<Readonly<Record<string, unknown>>> => {
    const value: unknown = await (await fetch(`${address}/v1/jobs/${id}`)).json();
    return typeof value === 'object' && value !== null ? { ...value } : {};
  };
  const stateOf = async (service: Service, id: string) => (await shown(service, id))['state'];
  const over = async ({ address }: Service, id: string) =>
    (await fetch(`${address}/v1/jobs/${id}/events`)).text();
  const pictures = () => readdirSync(folder).filter((name) => name !== 'revela-serve');

  it('serves as in memory, and finds jobs and results again after it has ended', async () => {
    await using worker = await working();
    const first = await started();
    const answer = await fetch(`${first.address}/v1/score?metric=niqe`, { method: 'POST', body: small });
    expect([answer.status, answer.headers.get('Revela-Device')]).toEqual([200, 'CPU']);
    const { value } = await score(small, { metric: 'niqe' });
    expect(await answer.json()).toMatchObject({ scores: { niqe: { value } } });
    expect((await put(first, 'kept', small)).status).toBe(202);
    expect(await over(first, 'kept')).toContain('event: done');
    await worker.close();
    expect((await put(first, 'waits', small)).status).toBe(202);
    await first.close();

    await using second = await started();
    expect((await put(second, 'kept', small)).status).toBe(200);
    const result = await fetch(`${second.address}/v1/jobs/kept/result`);
    expect(await result.json()).toMatchObject({ scores: { niqe: { value } } });
    expect((await put(second, 'kept', large)).status).toBe(409);
    expect(await stateOf(second, 'waits')).toBe('queued');
    await using _ = await working();
    expect(await over(second, 'waits')).toContain('event: done');
    for (const id of ['kept', 'waits']) await fetch(`${second.address}/v1/jobs/${id}`, { method: 'DELETE' });
    expect(await stateOf(second, 'kept')).toBeUndefined();
    await expect.poll(pictures).toEqual([]);
  }, 180_000);

  it('cancels what waits and what is worked on', async () => {
    await using service = await started();
    await using _ = await working();
    await put(service, 'huge', huge, 'operation=denoise');
    await expect.poll(() => stateOf(service, 'huge')).toBe('active');
    await put(service, 'behind', small);
    for (const id of ['behind', 'huge']) {
      const gone = await fetch(`${service.address}/v1/jobs/${id}`, { method: 'DELETE' });
      expect(await gone.json()).toMatchObject({ state: 'cancelled', problem: { code: 'ERR_CANCELLED' } });
    }
    // The worker is free again.
    await put(service, 'next', small);
    expect(await over(service, 'next')).toContain('event: done');
    await fetch(`${service.address}/v1/jobs/next`, { method: 'DELETE' });
    await expect.poll(pictures).toEqual([]);
  }, 180_000);

  it('gives back what a worker cannot finish', async () => {
    await using service = await started();
    const leaving = await working(0.05);
    await put(service, 'given-back', large, 'operation=denoise');
    await expect.poll(() => stateOf(service, 'given-back')).toBe('active');
    await leaving.close();
    await expect.poll(() => stateOf(service, 'given-back')).toBe('queued');
    await using _ = await working();
    expect(await over(service, 'given-back')).toContain('event: done');
    await fetch(`${service.address}/v1/jobs/given-back`, { method: 'DELETE' });
  }, 180_000);

  it('begins anew what a worker had when it was killed', async () => {
    await using service = await started();
    const room = (path: string) => JSON.stringify(new URL(`../../dist/${path}.js`, import.meta.url).href);
    const program = `
      const { openRedis } = await import(${room('redis/index')});
      const { Engine } = await import(${room('serve/engine')});
      const { RedisWorker } = await import(${room('serve/redis-worker')});
      const { Spool } = await import(${room('serve/spool')});
      const redis = await openRedis({ url: ${JSON.stringify(server.url)}, what: 'the test' });
      const spool = await Spool.shared(Infinity, ${JSON.stringify(folder)});
      new RedisWorker({ redis, spool, engine: new Engine({ device: 'cpu', threads: 1 }), places: 1, lockSeconds: 10 });`;
    const child: ChildProcess = spawn(process.execPath, ['--input-type=module', '--eval', program]);
    const exited = once(child, 'exit');
    await put(service, 'hard', large, 'operation=denoise');
    await expect.poll(() => stateOf(service, 'hard')).toBe('active');
    child.kill('SIGKILL');
    await exited;
    const engine = new Engine({ device: 'cpu', threads: 1 });
    const spool = await Spool.shared(1e9, folder);
    const other = new RedisWorker({ redis, spool, engine, places: 1, lockSeconds: 30 });
    expect(await over(service, 'hard')).toContain('event: done');
    await other.end(10);
    await engine.close();
    await fetch(`${service.address}/v1/jobs/hard`, { method: 'DELETE' });
    await expect.poll(pictures).toEqual([]);
  }, 400_000);

  it('refuses another folder, another version, and no folder, in a line', async () => {
    await using _ = await started();
    const other = mkdtempSync(join(base, 'other-'));
    await expect(started({ folder: other })).rejects.toThrow(`${other} is not the folder`);
    await expect(serve({ redis: server.url })).rejects.toThrow('give the `folder`');
    await expect(serve({ limits: { places: 0 } })).rejects.toThrow('give `redis`');
    const key = 'revela:serve:members';
    const agreed = String(await redis.client.get(key));
    await redis.client.set(key, agreed.replace(/"version":"[^"]*"/, '"version":"0.0.9"'));
    await expect(working()).rejects.toThrow(`run Revela 0.0.9, and this is ${packageVersion()}`);
    await redis.client.set(key, agreed, 'PX', 60_000);
    const worker = (...words: readonly string[]) => revela(['serve', '--workers-only', ...words]);
    await expectRefusal(worker('--folder', folder), 2, '--redis');
    await expectRefusal(worker('--redis', server.url, '--folder', folder, '--port', '1'), 2, '--port');
    await expectRefusal(worker('--redis', 'nonsense', '--folder', folder), 2, 'redis://');
  }, 180_000);

  it('fails alone what is no job of ours; what another version took in waits for that version', async () => {
    await using service = await started();
    const queue = new Queue('revela-serve', { connection: redis.client });
    const forged = await queue.add('denoise', { files: ['../../etc/passwd'] }, { jobId: 'forged' });
    await put(service, 'older', small);
    const [older] = await queue.getWaiting();
    const entries = await queue.getJobs(['wait']);
    for (const entry of entries)
      if (entry.id !== 'forged') await entry.updateData({ ...entry.data, version: '0.0.9' });
    expect(older).toBeDefined();
    const both = 'jobs of Revela 0.0.9 wait in Redis at 127.0.0.1';
    await expect(working()).rejects.toThrow(both);
    await expect(started()).rejects.toThrow('and this is 0.1.0');
    expect(await stateOf(service, 'older')).toBe('queued');
    // One that was there before does not work on it either.
    const engine = new Engine({ device: 'cpu', threads: 1 });
    const worker = new RedisWorker({ redis, spool: await Spool.shared(1e9, folder), engine, places: 1 });
    expect(await over(service, 'older')).toContain('event: failed');
    expect(await shown(service, 'older')).toMatchObject({
      problem: {
        title: expect.stringContaining(`the service runs Revela 0.0.9, and a worker ${packageVersion()}`),
      },
    });
    await expect.poll(() => forged.getState()).toBe('failed');
    await worker.end(10);
    await engine.close();
    await fetch(`${service.address}/v1/jobs/older`, { method: 'DELETE' });
    await forged.remove();
    await queue.close();
    await expect.poll(pictures).toEqual([]);
  }, 180_000);

  it('waits for a Redis that is away, says so, and loses nothing; refuses jobs while it is full', async () => {
    const notes: string[] = [];
    await using service = await started({ onNote: (line) => notes.push(line), limits: { places: 1 } });
    await put(service, 'before', small);
    expect(await over(service, 'before')).toContain('event: done');
    await server.stop();
    await expect.poll(() => notes).toEqual([expect.stringContaining('waiting for it')]);
    expect((await fetch(`${service.address}/readyz`)).status).toBe(503);
    const during = put(service, 'during', small);
    await server.start();
    expect((await during).status).toBe(202);
    expect(await over(service, 'during')).toContain('event: done');
    expect(notes.at(-1)).toContain('is there again');
    await redis.client.config('SET', 'maxmemory', '1');
    const full = await put(service, 'full', small);
    expect([full.status, await full.json()]).toEqual([
      503,
      expect.objectContaining({ code: 'ERR_BUSY', title: expect.stringContaining('is full') }),
    ]);
    await redis.client.config('SET', 'maxmemory', '0');
    for (const id of ['before', 'during'])
      await fetch(`${service.address}/v1/jobs/${id}`, { method: 'DELETE' });
    await expect.poll(pictures).toEqual([]);
  }, 180_000);

  it('ends while Redis is away', async () => {
    const service = await started({ limits: { places: 1 } });
    const words = ['serve', '--workers-only', '--json', '--redis', server.url, '--folder', folder];
    const worker = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'ignore'] });
    const exited = once(worker, 'exit');
    await once(worker.stdout, 'data');
    await server.stop();
    worker.kill('SIGTERM');
    await service.close();
    expect(await exited).toEqual([0, null]);
    await server.start();
  }, 180_000);
});
