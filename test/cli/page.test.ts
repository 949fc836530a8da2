import { mkdir, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { brotliCompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServedPage, servePage } from '#src/cli/page/serve-page.js';
import { temporaryFolder } from '../weights/files.js';

const path = temporaryFolder();
let served: ServedPage;

beforeAll(async () => {
  await mkdir(path('page'));
  await mkdir(path('models'));
  await writeFile(path('page/index.html'), '<p>plain</p>');
  await writeFile(path('page/index.html.br'), brotliCompressSync('<p>packed</p>'));
  await writeFile(path('page/only.js.br'), brotliCompressSync('packed();'));
  await writeFile(path('models/a.safetensors'), 'weights');
  await writeFile(path('secret'), 'not served');
  served = await servePage({ '': path('page'), 'engine/': path('models') });
});
afterAll(() => served.close());

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Asks as it is written, without a browser's tidying of addresses. */
const ask = (address: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { port } = new URL(served.address);
    request({ port, path: address, headers, method, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({
          status: response.statusCode,
          headers: response.headers,
          body: Buffer.concat(parts).toString(),
        }),
      );
    })
      .on('error', reject)
      .end();
  });

test('files are served isolated, compressed to those who can read that', async () => {
  const { status, headers, body } = await ask('/');
  expect({ status, body }).toEqual({ status: 200, body: '<p>plain</p>' });
  expect(headers).toMatchObject({
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'content-type': 'text/html; charset=utf-8',
  });
  const packed = await ask('/?task=denoise', { 'accept-encoding': 'gzip, br' });
  expect(packed.headers['content-encoding']).toBe('br');
  expect((await ask('/only.js')).body, 'unpacked').toBe('packed();');
  expect((await ask('/only.js', {}, 'HEAD')).body).toBe('');
  expect((await ask('/engine/a.safetensors')).body).toBe('weights');
});

test('nothing else is served', async () => {
  const addresses = [
    '/%',
    '/%00',
    '/none',
    '/../secret',
    '/%2e%2e/secret',
    '/..%2fsecret',
    '//secret',
    '/page',
  ];
  const statuses = await Promise.all(addresses.map(async (address) => (await ask(address)).status));
  expect(statuses).toEqual([400, 404, 404, 404, 404, 404, 404, 404]);
  expect((await ask('/', {}, 'POST')).status).toBe(405);
});
