import type { Redis } from 'ioredis';
import { disposable } from '../belongings.js';
import { whyAway } from '../connection-errors.js';
import { OptionError, RevelaError } from '../errors.js';
import { unlessStopped } from '../unless-stopped.js';
import { queuePeers } from './peers.js';
import { checkRedis, clockWarning, redisError } from './redis-facts.js';
import { watchSilence } from './watch-silence.js';

/** Options of {@link openRedis}. */
export interface RedisOptions {
  /** `redis://USER:PASSWORD@HOST:PORT/NUMBER`, or `rediss://…` for one that is reached by TLS. */
  readonly url: string;
  /** What needs it, for people: `the fleet`. */
  readonly what: string;
  /** Hears, a line each, that Redis is away or silent, that it is back, and what is worth a word. */
  readonly tell?: ((line: string) => void) | undefined;
  /** Stops waiting. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds without an answer after which a Redis that is connected is said to be silent; default 5000. */
  readonly patience?: number | undefined;
}

/** A Redis that was there, and is waited for where it goes away. */
export interface OpenRedis extends AsyncDisposable {
  readonly bullmq: typeof import('bullmq');
  /** For BullMQ; commands wait while Redis is away. */
  readonly client: Redis;
  /** What it is called in messages: without user and password. */
  readonly address: string;
  /** Whether it is connected, and answers. */
  readonly isThere: boolean;
  /** An answer of Redis as one line; see `redisError`. */
  error(error: unknown): unknown;
  /** Tells an error in one line: of several alike one, and none that only says that Redis is away. */
  tellError(error: unknown): void;
  close(): Promise<void>;
}

/** Milliseconds between two attempts to reach it. */
const pause = (attempt: number): number => Math.min(100 * 2 ** attempt, 2000);

/**
 * Opens a connection to Redis: waits for one that is away, and says so; where it goes away later, all that is asked of it waits.
 *
 * @throws OptionError for an address that is none; RevelaError for a Redis that wants another password, has no database of that number or
 *   no certificate that is trusted, is too old, or throws keys away; what the signal says
 *
 * @example
 * await using redis = await openRedis({ url: 'redis://127.0.0.1:6379', what: 'the fleet', tell: console.error });
 * const queue = new redis.bullmq.Queue('fleet', { connection: redis.client });
 */
export async function openRedis({
  url,
  what,
  tell = () => {},
  signal,
  patience = 5000,
}: RedisOptions): Promise<OpenRedis> {
  const address = addressOf(url);
  const { bullmq, Redis: Client } = await queuePeers(what);
  const client = new Client(url, {
    lazyConnect: true,
    maxRetriesPerRequest: null,
    connectTimeout: 5000,
    retryStrategy: pause,
  });
  let refuse: (error: unknown) => void = () => {};
  const refused = new Promise<never>((_, reject) => {
    refuse = reject;
  });
  refused.catch(() => {});
  let away = false;
  let closed = false;
  let opened = false;
  let last = '';
  const tellError = (error: unknown): void => {
    if (closed || whyAway(error) !== undefined) return;
    const known = redisError(error, address);
    const line = known instanceof RevelaError ? known.message : `${address}: ${String(error)}`;
    if (line !== last) tell(line);
    last = line;
  };
  client.on('error', (error: unknown) => {
    const why = whyAway(error);
    if (why === undefined) {
      const known = redisError(error, address);
      if (known instanceof RevelaError && !opened) refuse(known);
      else tellError(error);
      return;
    }
    missed(`cannot be reached (${why})`);
  });
  client.on('close', () => {
    if (client.status !== 'end') missed('has gone away');
  });
  client.on('ready', () => found());
  const missed = (how: string): void => {
    if (!away) tell(`${address} ${how}; waiting for it`);
    away = true;
  };
  const found = (): void => {
    if (away) tell(`${address} is there again`);
    away = false;
    last = '';
  };
  const listener = { silent: () => missed('does not answer'), answered: found };
  const stopWatching = watchSilence(client, listener, patience / 2);
  // BullMQ makes more connections of this one to wait on, and where Redis is away it never lets go of them: the process would not end.
  const copies: Redis[] = [];
  const duplicate = client.duplicate.bind(client);
  client.duplicate = (override) => {
    const copy = duplicate(override);
    copies.push(copy);
    return copy;
  };
  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    away = true; // from here on nothing is told
    stopWatching();
    for (const connection of [client, ...copies]) connection.disconnect();
  };
  try {
    // Its failure is no end: it is tried again.
    client.connect().catch(() => {});
    const info = await unlessStopped([client.info(), refused], signal);
    for (const line of checkRedis(info, address)) tell(line);
    const asked = Date.now();
    // One that does not let its time be asked for, which no job needs, is not asked again.
    const time = await unlessStopped([client.time().catch(() => undefined), refused], signal);
    const clocks = time && clockWarning(time, [asked, Date.now()], address);
    if (clocks !== undefined) tell(clocks);
    opened = true;
  } catch (error) {
    await close();
    throw redisError(error, address);
  }
  return disposable({
    bullmq,
    client,
    address,
    get isThere() {
      return client.status === 'ready' && !away;
    },
    error: (error: unknown) => redisError(error, address),
    tellError,
    close,
  });
}

function addressOf(url: string): string {
  const known = URL.canParse(url) ? new URL(url) : undefined;
  if (known === undefined || !isRedis(known))
    throw new OptionError(
      `\`redis\` must be an address such as redis://127.0.0.1:6379 (in a password, / is %2F, @ is %40, ? is %3F and # is %23), got ${withoutPassword(url)}`,
      { option: 'redis' },
    );
  return `Redis at ${known.hostname}:${known.port === '' ? '6379' : known.port}`;
}

/** A part of a password that ended the host too early shows in what follows it. */
const isRedis = ({ protocol, hostname, pathname, search, hash }: URL): boolean =>
  ['redis:', 'rediss:'].includes(protocol) &&
  hostname !== '' &&
  /^\/?\d*$/.test(pathname) &&
  !search.includes('@') &&
  hash === '';

/** The scheme, host and port of what was given: whatever may be a password is left out, however it is written. */
function withoutPassword(url: string): string {
  const [, scheme = '', rest = ''] = /^([a-z][a-z\d+.-]*:\/\/)?(.*)$/is.exec(url) ?? [];
  const at = rest.lastIndexOf('@');
  const [host = ''] = /^[^:/?#]*(?::\d{1,5}(?!\d))?/.exec(rest.slice(at + 1)) ?? [];
  return `${scheme}${at < 0 ? '' : '…@'}${host}`.slice(0, 60);
}
