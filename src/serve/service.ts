import { Server } from 'node:http';
import { fairQueue } from '../api/index.js';
import { OptionError } from '../errors.js';
import { fileError } from '../file-errors.js';
import { disposable } from '../belongings.js';
import { createApp } from './app.js';
import { Engine } from './engine.js';
import { Jobs } from './jobs.js';
import { limitOptions, serveOptions } from './options.js';
import { Metrics } from './metrics.js';
import { ownQueue, redisQueue } from './open-queue.js';
import { operationsFor } from './operations.js';
import { httpPeers } from './peers.js';
import { checked, type OptionsOf, settled } from '../options/index.js';
import { present } from '../present.js';

/**
 * Options of {@link serve}: where it listens (`host`, by default `127.0.0.1`, which only this machine reaches, and `port`, 8787; 0 takes
 * one that is free), who may ask (`tokens`; `open` lets in whoever reaches the address), its `limits`, where jobs wait (`redis`; default: in
 * memory), the `folder` for pictures that wait and results, and where it computes (`device`, `threads`). `onNote` hears that Redis is away,
 * and `signal` stops waiting for it.
 */
export type ServeOptions = OptionsOf<typeof serveOptions>;

/** A service that listens. */
export interface Service extends AsyncDisposable {
  /** `http://127.0.0.1:8787`. */
  readonly address: string;
  /** Takes nothing more, lets what runs come to its end within `limits.graceSeconds`, and ends. Harmless when repeated. */
  close(): Promise<void>;
}

const ownAddresses = new Set(['127.0.0.1', 'localhost', '::1']);

/** How often, in milliseconds, requests that come too slowly are looked for. */
const checkingInterval = 1000;

/** Milliseconds that an idle connection stays: longer than the minute of most proxies. */
const keepAliveTimeout = 65_000;

/** Connections at once; one that waits for its result is one. */
const mostConnections = 2048;

/**
 * Serves denoising, enlarging, scoring, comparing and adapting over HTTP. See docs/serve.md.
 *
 * @throws RevelaError where Hono is not installed, or the address cannot be listened at; OptionError for an address that others
 *   reach without tokens, and for limits that are none
 *
 * @example
 * await using service = await serve({ port: 0 });
 * const answer = await fetch(`${service.address}/v1/denoise`, { method: 'POST', body: await readFile('photo.jpg') });
 */
export async function serve(options: ServeOptions = {}): Promise<Service> {
  const given = checked('serve', serveOptions, options);
  const { host, port, tokens, open, folder, redis, device, threads } = settled(serveOptions, given);
  const limits = settled(limitOptions, checked('`limits`', limitOptions, given.limits ?? {}));
  if (!ownAddresses.has(host) && tokens === undefined && open !== true)
    throw new OptionError(
      `other machines reach \`host\` ${host}: give \`tokens\`, or \`open\` to let anyone in`,
      { option: 'host' },
    );
  if (redis === undefined && limits.places === 0)
    throw new OptionError('`places` 0 leaves the work to workers: give `redis`, too', { option: 'places' });
  const peers = await httpPeers();
  const engine = new Engine(present({ device, threads }));
  const operations = operationsFor(limits);
  const { spool, queue, close } =
    redis === undefined
      ? await ownQueue(engine, limits, folder)
      : await redisQueue(engine, limits, { ...given, redis });
  const jobs = new Jobs(queue, spool, limits, new Metrics());
  const gate = { spool, limits, looking: fairQueue() };
  const app = createApp(peers, { jobs, gate, tokens, operations });
  const transfer = limits.transferSeconds * 1000;
  const server = peers.createAdaptorServer({
    fetch: app.fetch,
    // Whoever serves in a program of its own keeps its own Request and Response.
    overrideGlobalObjects: false,
    serverOptions: {
      // The service itself answers who is too slow; this is for those that do not even hear that.
      requestTimeout: transfer + checkingInterval,
      keepAliveTimeout,
      headersTimeout: Math.min(transfer, 20_000),
      connectionsCheckingInterval: checkingInterval,
    },
  });
  if (!(server instanceof Server)) throw new TypeError('Hono made no server of HTTP/1.1');
  server.maxConnections = mostConnections;
  try {
    await listening(server, host, port);
  } catch (error) {
    await jobs.end(0);
    await close();
    throw error;
  }
  const end = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    await jobs.end(limits.graceSeconds);
    server.closeIdleConnections();
    const patience = setTimeout(() => server.closeAllConnections(), Math.min(transfer, 5000));
    await closed;
    clearTimeout(patience);
    await jobs.close();
    await engine.close();
    await close();
  };
  let ended: Promise<void> | undefined;
  return disposable({
    address: addressOf(server, host),
    close: () => {
      ended ??= end();
      return ended;
    },
  });
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(fileError(`cannot listen at ${host}:${port}`, error)));
    server.listen(port, host, resolve);
  });
}

function addressOf(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
