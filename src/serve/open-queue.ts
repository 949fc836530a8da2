import { OptionError } from '../errors.js';
import { present } from '../present.js';
import { openRedis } from '../redis/index.js';
import type { Engine } from './engine.js';
import { operationsFor } from './operations.js';
import type { Limits } from './options.js';
import { OwnQueue } from './own-queue.js';
import type { JobQueue } from './queue.js';
import { agree } from './redis-members.js';
import { RedisQueue } from './redis-queue.js';
import { RedisWorker } from './redis-worker.js';
import { Spool } from './spool.js';

/** Where the jobs of a service wait, and their files lie. */
export interface OpenQueue {
  readonly spool: Spool;
  readonly queue: JobQueue;
  /** To be called when the queue has ended. */
  close(): Promise<void>;
}

/** A queue in memory. */
export async function ownQueue(
  engine: Engine,
  limits: Limits,
  folder: string | undefined,
): Promise<OpenQueue> {
  const spool = await Spool.open(limits.storedBytes, folder);
  const queue = new OwnQueue({ engine, spool, operations: operationsFor(limits) }, limits);
  return { spool, queue, close: () => spool.close() };
}

/** Where a queue in Redis is, and who hears of it. */
export interface RedisPlace {
  readonly redis: string;
  readonly folder?: string | undefined;
  readonly onNote?: ((line: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Redis and the folder that everybody shares, which they have agreed on. */
export async function sharedPlace({ redis: url, folder, onNote, signal }: RedisPlace, storedBytes: number) {
  if (folder === undefined)
    throw new OptionError('with `redis`, give the `folder` that the service and all workers share', {
      option: 'folder',
    });
  const redis = await openRedis({
    url,
    what: 'the queue of the service',
    ...present({ tell: onNote, signal }),
  });
  try {
    const spool = await Spool.shared(storedBytes, folder);
    const leave = await agree(redis, folder);
    const close = async (): Promise<void> => {
      leave();
      await redis.close();
    };
    return { redis, spool, close };
  } catch (error) {
    await redis.close();
    throw redis.error(error);
  }
}

/**
 * A queue in Redis, with work on its jobs in this process, too, where there are places for it.
 *
 * @throws OptionError without a folder; RevelaError as `openRedis`, and where others of this Redis are of another version or see another folder
 */
export async function redisQueue(engine: Engine, limits: Limits, place: RedisPlace): Promise<OpenQueue> {
  const { redis, spool, close } = await sharedPlace(place, limits.storedBytes);
  const { places } = limits;
  const worker = places === 0 ? undefined : new RedisWorker({ redis, spool, engine, places });
  const queue = new RedisQueue({ redis, spool, limits, worker });
  await queue.ready();
  return { spool, queue, close };
}
