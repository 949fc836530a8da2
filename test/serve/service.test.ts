import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compare, openDenoiser, readPicture, score } from 'revela';
import { type Limits, serve, type Service, type ServeOptions } from 'revela/serve';
import { photograph } from '../cli/command.js';
import { bytesOf, counted, json } from './asked.js';
import { rawRequest } from './raw-request.js';

const folder = mkdtempSync(join(tmpdir(), 'revela-serve-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const started = (limits: Partial<Limits> = {}, options: ServeOptions = {}): Promise<Service> =>
  serve({ port: 0, device: 'cpu', threads: 1, folder, limits: { graceSeconds: 1, ...limits }, ...options });

/** The files that a service keeps; there is one service at a time. */
const kept = (): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('/'));

/** Files of a service that this process has open. */
const opened = (): readonly string[] =>
  readdirSync('/proc/self/fd').flatMap((number) => {
    try {
      const file = readlinkSync(`/proc/self/fd/${number}`);
      return file.startsWith(folder) ? [file] : [];
    } catch {
      return []; // closed meanwhile
    }
  });

/** What `fetch` sends. */
type Body = NonNullable<RequestInit['body']>;

describe('the service', () => {
  let service: Service;
  beforeAll(async () => {
    service = await started({ maxBytes: 300_000, maxMegapixels: 1 });
  }, 60_000);
  afterAll(() => service.close(), 60_000);

  const post = async (path: string, body: Body | undefined, headers: Record<string, string> = {}) =>
    fetch(service.address + path, { method: 'POST', headers, ...(body === undefined ? {} : { body }) });

  it('denoises as the library does, and names weights, device and time', async () => {
    const photo = await bytesOf(96, 80);
    const answer = await post('/v1/denoise?strength=70', photo, {
      'Revela-Detail': '20',
      'Revela-Format': 'tiff',
    });
    expect(answer.status).toBe(200);
    const headers = Object.fromEntries(answer.headers);
    expect(headers).toMatchObject({
      'content-type': 'image/tiff',
      'revela-weights': 'general',
      'revela-device': 'CPU, 1 thread',
      'revela-changed': 'yes',
      'revela-seconds': expect.stringMatching(/^\d+\.\d{3}$/),
      'server-timing': expect.stringMatching(/^queue;dur=[\d.]+, work;dur=[\d.]+$/),
    });
    const answered = await answer.arrayBuffer();
    await using denoiser = await openDenoiser({ strength: 70, detail: 20, device: 'cpu', threads: 1 });
    const expected = await denoiser.denoise(photo);
    expect((await (await readPicture(answered)).toRaw()).data).toEqual((await expected.toRaw()).data);
    await expect.poll(kept).toEqual([]);
  }, 120_000);

  it('says that a picture is as it came, and gives its very bytes', async () => {
    const photo = await bytesOf(96, 80, 'jpeg');
    const answer = await post('/v1/denoise?strength=0', photo);
    expect(answer.headers.get('Revela-Changed')).toMatch(/^no; /);
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(photo);
  }, 60_000);

  it('says so, too, where so little is removed that no pixel of the file becomes another', async () => {
    const photo = await bytesOf(96, 80);
    const answer = await post('/v1/denoise?strength=0.01', photo);
    expect(answer.headers.get('Revela-Changed')).toMatch(/^no; /);
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(photo);
    const more = await post('/v1/denoise?strength=40', photo);
    expect(more.headers.get('Revela-Changed')).toBe('yes');
    await more.arrayBuffer();
  }, 60_000);

  it('scores and compares as the library does', async () => {
    const [a, b] = [await bytesOf(230, 110), await bytesOf(230, 110, 'jpeg')];
    const scored = await json(await post('/v1/score?metric=niqe', a));
    expect(scored).toEqual({
      scores: {
        niqe: {
          value: (await score(a, { metric: 'niqe' })).value,
          better: 'lower',
          range: expect.anything(),
        },
      },
    });
    const form = new FormData();
    form.set('picture', new Blob([a]));
    form.set('reference', new Blob([b]), 'b.jpg');
    expect(await json(await post('/v1/compare?metric=psnr,ssim', form))).toMatchObject({
      scores: await compare(a, b),
    });
    const same = new FormData();
    for (const name of ['picture', 'reference']) same.set(name, new Blob([a]));
    expect(await json(await post('/v1/compare?metric=psnr', same))).toMatchObject({
      scores: { psnr: 'Infinity' },
    });
  }, 60_000);

  it('enlarges by the weights that suit the picture', async () => {
    const answer = await post('/v1/upscale?scale=2&format=webp', await bytesOf(40, 30, 'jpeg'));
    expect(answer.headers.get('Revela-Weights')).toBe('photo');
    expect(await readPicture(await answer.arrayBuffer())).toMatchObject({
      width: 80,
      height: 60,
      format: 'webp',
    });
  }, 120_000);

  it.each([
    ['/v1/denoise?strngth=1', 400, 'ERR_OPTION', 'strength'],
    ['/v1/denoise?strength=101', 400, 'ERR_OUT_OF_RANGE', 'from 0 to 100'],
    ['/v1/denoise?strength=1&strength=2', 400, 'ERR_OPTION', 'twice'],
    ['/v1/denoise?weights=/etc/passwd', 400, 'ERR_OPTION', 'general'],
    ['/v1/denoise?format=gif', 400, 'ERR_OPTION', 'one of jpeg'],
    ['/v1/upscale?scale=2.5', 400, 'ERR_OUT_OF_RANGE', 'whole'],
    ['/v1/adapt?minutes=4', 400, 'ERR_OUT_OF_RANGE', 'to 3'],
    ['/v1/adapt?strength=0', 400, 'ERR_OPTION', 'nothing is to be learnt'],
    ['/v1/score?metric=nope', 400, 'ERR_OPTION', 'niqe'],
    ['/v1/score?metric=brisque', 400, 'ERR_OPTION', 'BRISQUE'],
    ['/v1/compare', 400, 'ERR_NO_BODY', 'form'],
    ['/v1/nothing', 404, 'ERR_NOT_FOUND', 'openapi'],
  ])(
    'refuses %s with %d',
    async (path, status, code, words) => {
      const answer = await post(path, await bytesOf(230, 110));
      expect(answer.headers.get('Content-Type')).toBe('application/problem+json');
      expect(await json(answer)).toMatchObject({ status, code, title: expect.stringContaining(words) });
      expect(answer.status).toBe(status);
    },
    60_000,
  );

  it('refuses what is no picture, empty, or too large, before it is decoded', async () => {
    const refusal = async (body: Body | undefined) => {
      const { code, title } = await json(await post('/v1/denoise', body));
      return [code, title];
    };
    expect(await refusal('This is no picture.')).toEqual([
      'ERR_NOT_AN_IMAGE',
      expect.stringMatching(/^the picture is not a picture/),
    ]);
    expect(await refusal(undefined)).toEqual(['ERR_NO_BODY', expect.stringContaining('no body')]);
    expect(await refusal(new Uint8Array(300_001))).toEqual([
      'ERR_TOO_LARGE',
      expect.stringContaining('300000'),
    ]);
    const cutShort = (await bytesOf(96, 80)).subarray(0, 900);
    expect((await refusal(cutShort))[0]).toBe('ERR_DAMAGED_IMAGE');
    const wide = await photograph(8, 8).resize(1300, 800).png().toBuffer();
    expect(await refusal(Uint8Array.from(wide))).toEqual([
      'ERR_TOO_LARGE',
      'the picture has 1300×800 pixels, more than the 1 megapixels that are taken',
    ]);
    // A body whose length is not told is counted as it comes.
    const chunk = `8000\r\n${'x'.repeat(0x8000)}\r\n`;
    const head = ['POST /v1/denoise HTTP/1.1', 'Transfer-Encoding: chunked', 'Connection: close'];
    const answer = await rawRequest(service.address, head, (socket) => {
      for (let i = 0; i < 12; i++) socket.write(chunk);
      socket.write('0\r\n\r\n');
    });
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    await expect.poll(kept).toEqual([]);
  }, 60_000);

  it('makes a job where respond-async is preferred: progress as events, a result, until it is removed', async () => {
    const photo = await bytesOf(96, 80);
    const answer = await post('/v1/denoise?strength=70&detail=20', photo, { Prefer: 'respond-async' });
    expect([answer.status, answer.headers.get('Preference-Applied')]).toEqual([202, 'respond-async']);
    const place = new URL(answer.headers.get('Location') ?? '', answer.url).href;
    const events = await (await fetch(`${place}/events`)).text();
    expect(events).toMatch(/^event: (?:queued|active)\n/);
    expect(events).toMatch(/event: done\ndata: .*"progress":1.*\n\n$/);
    const job = await json(await fetch(place));
    expect(job).toMatchObject({ state: 'done', operation: 'denoise', result: { type: 'image/png' } });
    for (let i = 0; i < 2; i++) {
      const result = await fetch(`${place}/result`);
      expect(result.headers.get('Revela-Weights')).toBe('general');
      expect(await readPicture(await result.arrayBuffer())).toMatchObject({ width: 96, height: 80 });
    }
    const { headers } = await fetch(`${place}/result`, { method: 'HEAD' });
    expect([headers.get('Content-Type'), headers.get('Revela-Weights')]).toEqual(['image/png', 'general']);
    expect(Number(headers.get('Content-Length'))).toBeGreaterThan(100);
    await expect.poll(opened).toEqual([]);
    await expect.poll(kept).toHaveLength(1);
    expect((await fetch(place, { method: 'DELETE' })).status).toBe(200);
    expect((await fetch(`${place}/result`)).status).toBe(404);
    await expect.poll(kept).toEqual([]);
  }, 60_000);

  it('makes a job under an id of its client once', async () => {
    const [photo, other] = [await bytesOf(230, 110), await bytesOf(230, 111)];
    const put = (path: string, body: Body) => fetch(service.address + path, { method: 'PUT', body });
    const path = '/v1/jobs/shop-17?operation=score&metric=niqe';
    const all = await Promise.all([put(path, photo), put(path, photo), put(path, photo)]);
    for (const answer of all) expect([200, 202]).toContain(answer.status);
    await (await fetch(`${service.address}/v1/jobs/shop-17/events`)).text();
    const again = await put(path, photo);
    expect([again.status, (await json(again))['state']]).toEqual([200, 'done']);
    expect((await put(path, other)).status).toBe(409);
    expect((await put('/v1/jobs/shop-17?operation=score', photo)).status).toBe(409);
    expect((await put('/v1/jobs/a%20b?operation=score', photo)).status).toBe(400);
    expect((await put('/v1/jobs/x?operation=erase', photo)).status).toBe(400);
    await fetch(`${service.address}/v1/jobs/shop-17`, { method: 'DELETE' });
    await expect.poll(kept).toEqual([]);
  }, 60_000);

  it('says what it does: OpenAPI, models, health', async () => {
    const document: unknown = await json(await fetch(`${service.address}/openapi.json`));
    expect(document).toMatchObject({
      openapi: '3.1.0',
      paths: {
        '/v1/denoise': {
          post: { parameters: expect.arrayContaining([expect.objectContaining({ name: 'strength' })]) },
        },
        '/v1/compare': { post: {} },
        '/v1/jobs/{id}': {
          put: { requestBody: { content: { 'image/*': {}, 'multipart/form-data': {} } } },
          ...{ get: {}, delete: {} },
        },
      },
    });
    expect(await json(await fetch(`${service.address}/v1/models`))).toMatchObject({
      denoise: ['general', 'self-supervised'],
      upscale: ['photo', 'faithful'],
      score: expect.arrayContaining([expect.objectContaining({ name: 'niqe' })]),
    });
    for (const path of ['/healthz', '/readyz'])
      expect((await fetch(service.address + path)).status).toBe(200);
    expect(await (await fetch(`${service.address}/metrics`)).text()).toMatch(/^revela_jobs_waiting 0$/m);
  });

  it('loses and leaks nothing among hundreds of requests of which a tenth are hostile, by 16 clients', async () => {
    const [good, alike] = [await bytesOf(24, 20), await bytesOf(24, 20, 'jpeg')];
    const form = (): FormData => {
      const both = new FormData();
      both.set('picture', new Blob([good]));
      both.set('reference', new Blob([alike]));
      return both;
    };
    const expected = (await compare(good, alike))['psnr'];
    const head = (length: number) => ['POST /v1/denoise HTTP/1.1', `Content-Length: ${length}`];
    const hostile: readonly (() => Promise<unknown>)[] = [
      () => post('/v1/denoise', 'nothing of the kind').then((answer) => answer.text()),
      () => post('/v1/upscale', new Uint8Array(400_000)).then((answer) => answer.text(), String),
      () => rawRequest(service.address, head(5000), (socket) => socket.write(good, () => socket.destroy())),
      () =>
        rawRequest(service.address, ['POST /v1/denoise HTTP/1.1', 'Content-Length: x'], (socket) =>
          socket.end(),
        ),
      () => rawRequest(service.address, ['\u0000\u0001\u0002'], (socket) => socket.end()),
    ];
    let asked = 0;
    let answered = 0;
    const client = async (): Promise<void> => {
      for (;;) {
        const number = asked++;
        if (number >= 200) return;
        if (number % 10 === 0) await hostile[(number / 10) % hostile.length]?.();
        else {
          const answer = await post('/v1/compare?metric=psnr', form());
          expect(await json(answer)).toMatchObject({ scores: { psnr: expected } });
          answered += 1;
        }
      }
    };
    await Promise.all(Array.from({ length: 16 }, client));
    expect(answered).toBe(180);
    await expect.poll(() => counted(service, 'revela_jobs_waiting')).toBe(0);
    await expect.poll(() => counted(service, 'revela_jobs_active')).toBe(0);
    await expect.poll(() => counted(service, 'revela_jobs_kept')).toBe(0);
    await expect.poll(() => counted(service, 'revela_stored_bytes')).toBe(0);
    await expect.poll(kept).toEqual([]);
  }, 180_000);
});
