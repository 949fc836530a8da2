import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { codeOf } from 'revela';
import { type Limits, readTokens, serve, type ServeOptions, type Service } from 'revela/serve';
import { photograph } from '../cli/command.js';
import { type Course, rawRequest } from './raw-request.js';

const folder = mkdtempSync(join(tmpdir(), 'revela-serve-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const started = (limits: Partial<Limits> = {}, options: ServeOptions = {}): Promise<Service> =>
  serve({ port: 0, device: 'cpu', threads: 1, folder, limits, ...options });
const files = (): readonly string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' });

/** Takes many times longer than to ask for it and to look at it; whatever is made of it is stopped. */
const large = photograph(1600, 1200)
  .jpeg()
  .toBuffer()
  .then((bytes) => Uint8Array.from(bytes));
const small = photograph(230, 110)
  .png()
  .toBuffer()
  .then((bytes) => Uint8Array.from(bytes));

const startJob = async (
  { address }: Service,
  path: string,
  body: Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(address + path, { method: 'POST', body, headers: { Prefer: 'respond-async', ...headers } });

const placeOf = (answer: Response): string => new URL(answer.headers.get('Location') ?? '', answer.url).href;

const counts = async ({ address }: Service, line: string): Promise<boolean> =>
  (await (await fetch(`${address}/metrics`)).text()).includes(`${line}\n`);

/** A request of which the end is yet to come. */
function halfSent(
  service: Service,
  line: string,
  body: Uint8Array,
): { readonly answer: Promise<string>; finish(): void } {
  let sending: Socket | undefined;
  const begin: Course = (socket) => {
    sending = socket;
    socket.write(body.subarray(0, 100));
  };
  const head = [`${line} HTTP/1.1`, `Content-Length: ${body.length}`, 'Connection: close'];
  const answer = rawRequest(service.address, head, begin);
  return { answer, finish: () => sending?.write(body.subarray(100)) };
}

const stateAt = async (place: string): Promise<unknown> => {
  const job: unknown = await (await fetch(place)).json();
  return typeof job === 'object' && job !== null && 'state' in job ? job.state : undefined;
};

describe('a service that is busy', () => {
  it('lets jobs wait in turn, refuses more with Retry-After, and cancels within a tile', async () => {
    await using service = await started({ places: 1, queueLength: 2, jobsPerClient: 3, graceSeconds: 0.1 });
    const first = await startJob(service, '/v1/denoise', await large);
    const waiting = [
      await startJob(service, '/v1/score?metric=niqe', await small),
      await startJob(service, '/v1/score?metric=niqe', await small),
    ];
    expect([first, ...waiting].map(({ status }) => status)).toEqual([202, 202, 202]);
    expect((await fetch(`${service.address}/readyz`)).status).toBe(503);
    const more = await startJob(service, '/v1/score?metric=niqe', await small);
    expect(more.status).toBe(429);
    expect(Number(more.headers.get('Retry-After'))).toBeGreaterThanOrEqual(1);
    expect(await more.json()).toMatchObject({
      code: 'ERR_BUSY',
      title: expect.stringContaining('3 jobs under way'),
    });
    expect(await stateAt(placeOf(waiting[1] ?? more))).toBe('queued');
    const gone = await fetch(placeOf(waiting[1] ?? more), { method: 'DELETE' });
    expect(await gone.json()).toMatchObject({ state: 'cancelled', problem: { code: 'ERR_CANCELLED' } });
    // The one at work is stopped, and the next has its turn.
    expect(await stateAt(placeOf(first))).toBe('active');
    await fetch(placeOf(first), { method: 'DELETE' });
    expect(await stateAt(placeOf(first))).toBe('cancelled');
    expect((await fetch(`${placeOf(first)}/result`)).status).toBe(409);
    await (await fetch(`${placeOf(waiting[0] ?? more)}/events`)).text();
    expect(await stateAt(placeOf(waiting[0] ?? more))).toBe('done');
  }, 120_000);

  it('ends a job that takes too long', async () => {
    await using service = await started({ places: 1, workSeconds: 0.5, graceSeconds: 0.1 });
    const late = await fetch(`${service.address}/v1/denoise`, { method: 'POST', body: await large });
    expect([late.status, await late.json()]).toEqual([504, expect.objectContaining({ code: 'ERR_TIMEOUT' })]);
    await expect.poll(() => counts(service, 'revela_jobs_active 0')).toBe(true);
    await expect.poll(files).toHaveLength(1); // the service's folder
  }, 120_000);

  it('takes a job along when its client goes away', async () => {
    await using service = await started({ places: 1, graceSeconds: 0.1 });
    const leaving = new AbortController();
    const left = fetch(`${service.address}/v1/denoise`, {
      method: 'POST',
      body: await large,
      signal: leaving.signal,
    }).catch(codeOf);
    await expect.poll(() => counts(service, 'revela_jobs_active 1')).toBe(true);
    leaving.abort();
    expect(await left).toBe('ERR_CANCELLED');
    await expect.poll(() => counts(service, 'revela_jobs_kept 0')).toBe(true);
    await expect.poll(() => counts(service, 'revela_jobs_active 0')).toBe(true);
    await expect.poll(files).toHaveLength(1); // the service's folder
  }, 120_000);

  it('stops learning when its job is cancelled', async () => {
    await using service = await started({ places: 1, graceSeconds: 0.1 });
    const place = placeOf(await startJob(service, '/v1/adapt?minutes=3', await small));
    await expect.poll(() => stateAt(place)).toBe('active');
    await fetch(place, { method: 'DELETE' });
    expect(await stateAt(place)).toBe('cancelled');
  }, 120_000);

  it('gives up on requests that come too slowly', async () => {
    await using service = await started({ transferSeconds: 1, graceSeconds: 0.1 });
    const head = ['POST /v1/denoise HTTP/1.1', 'Content-Length: 100'];
    const slow = await rawRequest(service.address, head, (socket) => socket.write('only this much'));
    expect(slow).toMatch(/^HTTP\/1\.1 408 /);
    await expect.poll(() => files()).toHaveLength(1);
  }, 60_000);

  it('forgets results in time', async () => {
    await using service = await started({ resultSeconds: 1, graceSeconds: 0.1 });
    const answer = await startJob(service, '/v1/score?metric=niqe', await small);
    await (await fetch(`${placeOf(answer)}/events`)).text();
    await expect.poll(async () => (await fetch(placeOf(answer))).status).toBe(404);
    await expect.poll(() => files()).toHaveLength(1);
  }, 60_000);
});

describe('an id that is known', () => {
  const asked = '/v1/jobs/mine?operation=score&metric=niqe';

  it('lets nobody past the limits', async () => {
    await using service = await started({ jobsPerClient: 1, graceSeconds: 0.1 });
    const body = await small;
    const put = () => fetch(service.address + asked, { method: 'PUT', body });
    expect((await put()).status).toBe(202);
    await (await fetch(`${service.address}/v1/jobs/mine/events`)).text();
    const first = halfSent(service, `PUT ${asked}`, body);
    await expect.poll(() => counts(service, 'revela_jobs_waiting 1')).toBe(true);
    expect((await put()).status).toBe(429);
    first.finish();
    expect(await first.answer).toMatch(/^HTTP\/1\.1 200 /);
    expect((await put()).status).toBe(200);
  }, 60_000);

  it('makes the job anew where it was forgotten while the picture came', async () => {
    await using service = await started({ resultSeconds: 1, graceSeconds: 0.1 });
    const body = await small;
    await fetch(service.address + asked, { method: 'PUT', body });
    const again = halfSent(service, `PUT ${asked}`, body);
    await expect.poll(async () => (await fetch(`${service.address}/v1/jobs/mine`)).status).toBe(404);
    again.finish();
    expect(await again.answer).toMatch(/^HTTP\/1\.1 202 /);
  }, 60_000);
});

describe('a service that ends', () => {
  it('takes no job whose picture comes too late, and keeps nothing of it', async () => {
    const service = await started({ graceSeconds: 0.1 });
    const late = halfSent(service, 'POST /v1/denoise', await small);
    await expect.poll(() => counts(service, 'revela_jobs_waiting 1')).toBe(true);
    const ended = service.close();
    late.finish();
    const answer = await late.answer;
    expect(answer).toMatch(/^HTTP\/1\.1 503 /);
    expect(answer).toContain('"ERR_ENDING"');
    await ended;
    expect(files()).toEqual([]);
  }, 60_000);

  it('finishes what runs, takes nothing new, and leaves no files', async () => {
    const service = await started({ places: 1, graceSeconds: 100 });
    // Opening the network alone takes long enough to be seen at work.
    const running = fetch(`${service.address}/v1/denoise`, { method: 'POST', body: await small });
    await expect.poll(() => counts(service, 'revela_jobs_active 1'), { interval: 5 }).toBe(true);
    const ending = service.close();
    expect((await running).status).toBe(200);
    await ending;
    await expect(fetch(`${service.address}/healthz`)).rejects.toThrow();
    expect(files()).toEqual([]);
  }, 120_000);

  it('gives back what it cannot finish, with a line that says so', async () => {
    const service = await started({ places: 1, graceSeconds: 0.2 });
    const running = fetch(`${service.address}/v1/denoise`, { method: 'POST', body: await large });
    await expect.poll(() => counts(service, 'revela_jobs_active 1')).toBe(true);
    await service.close();
    const answer = await running;
    expect([answer.status, await answer.json()]).toEqual([
      503,
      expect.objectContaining({ code: 'ERR_ENDING' }),
    ]);
    expect(files()).toEqual([]);
  }, 60_000);
});

describe('tokens', () => {
  it('let in who bears one, to jobs of their own', async () => {
    const path = join(folder, 'tokens.txt');
    writeFileSync(path, '# shop\nshop  abcdefghijklmnop1\narchive abcdefghijklmnop2\n');
    const tokens = await readTokens(path);
    rmSync(path);
    await using service = await started({ graceSeconds: 0.1 }, { tokens });
    const bearing = (token: string) => ({ Authorization: `Bearer ${token}` });
    for (const headers of [{}, bearing('abcdefghijklmnop3'), { Authorization: 'Basic abcdefghijklmnop1' }]) {
      const refused = await startJob(service, '/v1/score?metric=niqe', await small, headers);
      expect([refused.status, refused.headers.get('WWW-Authenticate')]).toEqual([
        401,
        'Bearer realm="revela"',
      ]);
    }
    const own = bearing('abcdefghijklmnop1');
    const taken = await startJob(service, '/v1/score?metric=niqe', await small, own);
    expect(taken.status).toBe(202);
    const place = placeOf(taken);
    expect((await fetch(place, { headers: own })).status).toBe(200);
    expect((await fetch(place, { headers: bearing('abcdefghijklmnop2') })).status).toBe(404);
    expect((await fetch(place)).status).toBe(401);
    expect((await fetch(`${service.address}/healthz`)).status).toBe(200);
  }, 60_000);

  it('are needed where others reach the address', async () => {
    await expect(serve({ host: '0.0.0.0', port: 0 })).rejects.toThrow('other machines reach `host` 0.0.0.0');
    const path = join(folder, 'tokens.txt');
    for (const [text, words] of [
      ['', 'holds no tokens'],
      ['shop short', 'line 1 of'],
      ['a abcdefghijklmnop1\na abcdefghijklmnop2', 'line 2 of'],
    ] as const) {
      writeFileSync(path, text);
      await expect(readTokens(path)).rejects.toThrow(words);
    }
    rmSync(path);
    await expect(readTokens(path)).rejects.toThrow('cannot read the tokens in');
  });
});

it('refuses limits that are none, and a port that is taken', async () => {
  await expect(started({ queueLength: 0 })).rejects.toThrow(
    '`queueLength` must be a whole number of at least 1',
  );
  await expect(started({ places: 1.5 })).rejects.toThrow('`places` must be a whole number');
  // Node's timers would end at once.
  for (const name of ['transferSeconds', 'workSeconds', 'resultSeconds', 'graceSeconds'] as const)
    await expect(started({ [name]: 3e6 })).rejects.toThrow(
      `\`${name}\` must be a number above 0, at most 1000000`,
    );
  const misspelt: object = { maxBites: 1 };
  await expect(started(misspelt)).rejects.toThrow('`limits` has no option "maxBites"');
  await expect(started({}, { ...misspelt })).rejects.toThrow('serve has no option "maxBites"');
  await using service = await started({ graceSeconds: 0.1 });
  await expect(serve({ port: Number(new URL(service.address).port), folder })).rejects.toThrow(
    'cannot listen at',
  );
  expect(files()).toHaveLength(1);
});
