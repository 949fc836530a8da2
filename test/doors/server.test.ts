import { afterAll, expect, it } from 'vitest';
import { readPicture } from 'revela';
import { draw, samples } from '../images/drawing.js';

/** As much of the example's server as is asked of it; it is JavaScript. */
interface Server {
  readonly app: { request(path: string, init: RequestInit): Promise<Response> | Response };
  close(): Promise<void>;
}
const address: string = new URL('../../examples/server.mjs', import.meta.url).href;
const { app, close }: Server = await import(address);
afterAll(close);

const png = async (seed: number): Promise<Uint8Array<ArrayBuffer>> =>
  Uint8Array.from(
    await draw(64, 48, 3, samples(64 * 48 * 3, 8, seed))
      .png()
      .toBuffer(),
  );

it('serves four requests at once, of which one is cancelled', async () => {
  const stop = new AbortController();
  const requests = await Promise.all(
    ['denoise', 'upscale', 'upscale', 'denoise']
      .map(async (verb, i) =>
        app.request(`/v1/${verb}?format=webp`, {
          method: 'POST',
          body: await png(i),
          ...(i === 2 ? { signal: stop.signal } : {}),
        }),
      )
      .map((request, i) => {
        if (i === 2) stop.abort();
        return request;
      }),
  );
  expect(requests.map(({ status }) => status)).toEqual([200, 200, 499, 200]);
  const sizes = [];
  for (const answer of requests.filter(({ ok }) => ok)) {
    expect(answer.headers.get('Content-Type')).toBe('image/webp');
    const { format, width } = await readPicture(answer);
    sizes.push(`${format} ${width}`);
  }
  expect(sizes).toEqual(['webp 64', 'webp 256', 'webp 64']);
});

it('says by code and status what was wrong with a request', async () => {
  const text = await app.request('/v1/upscale', { method: 'POST', body: 'This is no picture, but a text.' });
  expect([text.status, await text.json()]).toEqual([
    415,
    { code: 'ERR_NOT_AN_IMAGE', message: expect.stringContaining('is not a picture') },
  ]);
  const gif = await app.request('/v1/denoise?format=gif', { method: 'POST', body: await png(1) });
  expect(gif.status).toBe(400);
});
