import { once } from 'node:events';
import { createServer, type RequestListener, request, type Server } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { serve } from 'revela/serve';
import { begin, follow, Refused } from '#src/serve/web/client.js';
import { photograph, temporaryFolder } from '../cli/command.js';

const path = temporaryFolder();
const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await ended(server);
});

async function listening(listener: RequestListener, port = 0): Promise<{ server: Server; port: number }> {
  const server = createServer(listener).listen(port, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  const address = server.address();
  return { server, port: typeof address === 'object' && address !== null ? address.port : 0 };
}

async function ended(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

it('finds its job behind a proxy that serves the service under a folder', async () => {
  await using service = await serve({ port: 0, device: 'cpu', threads: 1, folder: path() });
  const { port: behind } = new URL(service.address);
  const proxy = await listening((question, answer) => {
    const { method, url = '', headers } = question;
    const asked = { host: '127.0.0.1', port: behind, method, path: url.replace('/revela', ''), headers };
    if (!url.startsWith('/revela/')) return void answer.writeHead(404).end();
    question.pipe(
      request(asked, (reply) => {
        answer.writeHead(reply.statusCode ?? 500, reply.headers);
        reply.pipe(answer);
      }),
    );
  });
  const picture = new Blob([Uint8Array.from(await photograph(80, 70).png().toBuffer())]);
  const base = `http://127.0.0.1:${proxy.port}/revela`;
  const place = await begin(`${base}/v1/score`, '', picture);
  expect(place).toMatch(/\/revela\/v1\/jobs\/[\w-]+$/);
  const states: string[] = [];
  for await (const { state } of follow(place, '')) states.push(state);
  expect(states.at(-1)).toBe('done');
  const own = await fetch(`${base}/v1/jobs/mine?operation=score`, { method: 'PUT', body: picture });
  expect(new URL(own.headers.get('Location') ?? '', own.url).pathname).toBe('/revela/v1/jobs/mine');
}, 120_000);

it('follows a job on while the service is away, and ends where its job is not known any more', async () => {
  const event = (state: string): string => `data: ${JSON.stringify({ state, progress: 0, notes: [] })}\n\n`;
  const first = await listening((_, answer) => answer.write(event('active')));
  const following = follow(`http://127.0.0.1:${first.port}/v1/jobs/a`, '', 10);
  expect((await following.next()).value).toMatchObject({ state: 'active' });
  const next = following.next();
  await ended(first.server);
  // Nobody listens there until it is asked for again at least once.
  await expect(fetch(`http://127.0.0.1:${first.port}/`)).rejects.toThrow(TypeError);
  const second = await listening((_, answer) => void answer.end(event('queued')), first.port);
  expect((await next).value).toMatchObject({ state: 'queued' });
  await ended(second.server);
  await listening(
    (_, answer) => void answer.writeHead(404).end('{"title":"there is no such job"}'),
    first.port,
  );
  await expect(following.next()).rejects.toThrow(Refused);
});
