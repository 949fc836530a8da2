import { Server } from 'node:http';
import { disposable } from '../../belongings.js';
import { OptionError } from '../../errors.js';
import { fileError } from '../../file-errors.js';
import { optionalPeers } from '../../optional-peers.js';
import { checked, type OptionsOf, settled } from '../../options/index.js';
import { shareOptions } from '../options.js';
import { SharedFolder } from '../storage/shared-folder.js';
import { shareApp } from './share-app.js';

/**
 * Options of {@link shareFolder}: the folder (`shared`; default: the current one), where it listens (`host`, by default `127.0.0.1`, which only this
 * machine reaches, and `port`, 8788; 0 takes one that is free), and who may ask (`tokens`; `open` lets in whoever reaches the address).
 * `tell` hears of each result that came, and of what failed.
 */
export type ShareOptions = OptionsOf<typeof shareOptions>;

/** A folder that is shared. */
export interface Sharing extends AsyncDisposable {
  /** `http://127.0.0.1:8788`: what workers name by `shared`. */
  readonly address: string;
  /** Takes nothing more, gives what is on its way some seconds, and ends. */
  close(): Promise<void>;
}

const ownAddresses = new Set(['127.0.0.1', 'localhost', '::1']);

/** Milliseconds that what is on its way is given in the end. */
const patience = 5000;

/**
 * Shares a folder over HTTP with the workers of a fleet, and those who take part in trainings, that do not have it: they get pictures and weights
 * by their hashes, and put results into folders that were submitted to, and what they found into the rounds of a training.
 *
 * @throws RevelaError where Hono is not installed, the folder is not there, or the address cannot be listened at; OptionError for an address
 *   that others reach without tokens
 *
 * @example
 * await using sharing = await shareFolder({ shared: '/srv/photos', host: '0.0.0.0', tokens: await readTokens('tokens.txt') });
 */
export async function shareFolder(options: ShareOptions = {}): Promise<Sharing> {
  const given = checked('shareFolder', shareOptions, options);
  const { shared, host, port, tokens, open = false, tell = () => {} } = settled(shareOptions, given);
  if (!ownAddresses.has(host) && tokens === undefined && !open)
    throw new OptionError(
      `other machines reach \`host\` ${host}: give \`tokens\`, or \`open\` to let anyone in`,
      { option: 'host' },
    );
  const folder = await SharedFolder.at(shared);
  const { App, createAdaptorServer } = await optionalPeers(
    'sharing a folder over HTTP',
    ['hono', '@hono/node-server'],
    async () => ({
      App: (await import('hono')).Hono,
      createAdaptorServer: (await import('@hono/node-server')).createAdaptorServer,
    }),
  );
  const server = createAdaptorServer({
    fetch: shareApp(App, { folder, tokens, tell }).fetch,
    overrideGlobalObjects: false,
    // A large result on a slow line may take its time.
    serverOptions: { requestTimeout: 3_600_000, headersTimeout: 20_000, keepAliveTimeout: 65_000 },
  });
  if (!(server instanceof Server)) throw new TypeError('Hono made no server of HTTP/1.1');
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(fileError(`cannot listen at ${host}:${port}`, error)));
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const listening = typeof address === 'object' && address !== null ? address.port : port;
  return disposable({
    address: `http://${host.includes(':') ? `[${host}]` : host}:${listening}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const end = setTimeout(() => server.closeAllConnections(), patience);
      await closed;
      clearTimeout(end);
    },
  });
}
