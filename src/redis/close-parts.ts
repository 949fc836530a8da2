import type { OpenRedis } from './open-redis.js';

/**
 * Closes parts of BullMQ. Where Redis is away or silent they would wait for it: then they are left to the end of the connection, which
 * lets go of all that waits for it.
 *
 * @param patience seconds that they get
 */
export async function closeParts(
  redis: Pick<OpenRedis, 'isThere'>,
  parts: readonly { close(): Promise<void> }[],
  patience: number,
): Promise<void> {
  const closing = Promise.allSettled(parts.map((part) => part.close()));
  await Promise.race([closing, seconds(redis.isThere ? patience : 0.2)]);
}

/** Passes after so long, and keeps no process from ending. */
export const seconds = (count: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, count * 1000).unref();
  });
