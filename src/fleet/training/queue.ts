import type { Queue } from 'bullmq';
import { Belongings, disposable } from '../../belongings.js';
import { RevelaError } from '../../errors.js';
import { packageVersion } from '../../package-version.js';
import { closeParts, type OpenRedis, openRedis } from '../../redis/index.js';
import { type FleetOptions, prefix, workersOf } from '../queue.js';
import type { ShareAnswer, ShareJob } from './share-job.js';

export type ShareQueue = Queue<ShareJob, ShareAnswer>;

/** The queue of shares; that of rounds, which nobody works on, ends with `-rounds`. */
export const trainingQueue = ({ queue = 'training' }: Pick<FleetOptions, 'queue'>): string => queue;

/** What needs Redis, in messages. */
const what = 'training over machines';

/** The queues of a training. */
export interface OpenTraining extends AsyncDisposable {
  readonly redis: OpenRedis;
  readonly shares: ShareQueue;
  /** A job for each round, which waits for its shares. */
  readonly rounds: Queue;
  close(): Promise<void>;
}

/**
 * Opens the queues of a training, and waits for their Redis.
 *
 * @throws as `openRedis`
 */
export async function openTraining(options: FleetOptions): Promise<OpenTraining> {
  await using held = new Belongings();
  const { redis: url, tell, signal } = options;
  const redis = held.add(await openRedis({ url, what, tell, signal }));
  const how = { connection: redis.client, prefix, skipVersionCheck: true };
  const name = trainingQueue(options);
  const shares: ShareQueue = new redis.bullmq.Queue(name, how);
  const rounds = new redis.bullmq.Queue(`${name}-rounds`, how);
  held.defer(() => closeParts(redis, [shares, rounds], 2));
  for (const queue of [shares, rounds]) queue.on('error', redis.tellError);
  const own = held.handOver();
  return disposable({ redis, shares, rounds, close: () => own.close() });
}

/**
 * Refuses members of another version: they would refuse the shares.
 *
 * @throws RevelaError that names both versions
 */
export async function checkMembers(shares: ShareQueue): Promise<void> {
  const own = packageVersion();
  const other = (await workersOf(shares)).find(({ revela }) => revela !== own);
  if (other !== undefined)
    throw new RevelaError(
      `the member ${other.pid} on ${other.host} is revela ${other.revela}, and this is ${own}: install the same version on all machines`,
    );
}
