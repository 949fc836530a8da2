import { hostname } from 'node:os';
import type { Queue } from 'bullmq';
import { Belongings, disposable } from '../belongings.js';
import type { OptionsOf } from '../options/index.js';
import { closeParts, type OpenRedis, openRedis } from '../redis/index.js';
import type { FleetJob } from './job.js';
import type { fleetOptions } from './options.js';

/** Where a fleet's jobs wait. */
export interface FleetOptions extends OptionsOf<typeof fleetOptions> {}

/** What names a worker: which machine, process and version. */
export interface WorkerName {
  readonly host: string;
  readonly pid: number;
  readonly revela: string;
}

/** What a job gives back: nothing that is not in files. */
export interface FleetResult {
  readonly done: number;
}

export type FleetQueue = Queue<FleetJob, FleetResult>;

/** All that BullMQ keeps begins with this. */
export const prefix = 'revela';

/** The name of the queue. */
export const queueName = ({ queue = 'fleet' }: Pick<FleetOptions, 'queue'>): string => queue;

/** A queue that is open. */
export interface OpenQueue extends AsyncDisposable {
  readonly redis: OpenRedis;
  readonly queue: FleetQueue;
  close(): Promise<void>;
}

/**
 * Opens the queue of a fleet, and waits for its Redis.
 *
 * @throws as `openRedis`
 */
export async function openQueue(options: FleetOptions): Promise<OpenQueue> {
  await using held = new Belongings();
  const { redis: url, tell, signal } = options;
  const redis = held.add(await openRedis({ url, what: 'the fleet', tell, signal }));
  const queue: FleetQueue = new redis.bullmq.Queue(queueName(options), {
    connection: redis.client,
    prefix,
    skipVersionCheck: true,
  });
  queue.on('error', redis.tellError);
  held.defer(() => closeParts(redis, [queue], 2));
  const own = held.handOver();
  return disposable({ redis, queue, close: () => own.close() });
}

/** What a worker is called in Redis. */
export const nameText = ({ host, pid, revela }: WorkerName): string =>
  `${host.replace(/[^\w.-]/g, '_')}#${pid}@${revela}`;

/** This process as a worker. */
export const ownName = (revela: string): WorkerName => ({ host: hostname(), pid: process.pid, revela });

/** Reads {@link nameText}. */
export function nameIn(text: string): WorkerName | undefined {
  const [, host, pid, revela] = /^([\w.-]+)#(\d+)@(\S+)$/.exec(text) ?? [];
  return host === undefined || revela === undefined ? undefined : { host, pid: Number(pid), revela };
}

/** The workers that are connected, as far as Redis tells. */
export async function workersOf(queue: Pick<Queue, 'getWorkers'>): Promise<readonly WorkerName[]> {
  const clients = await queue.getWorkers();
  const names = clients.flatMap(({ rawname = '' }) => nameIn(rawname.split(':w:').at(-1) ?? '') ?? []);
  return [...new Map(names.map((name) => [nameText(name), name])).values()];
}
