import type { OpenRedis } from '../redis/index.js';

/**
 * Closes parts of BullMQ.
 *
 * @param patience seconds; where Redis is away nobody says goodbye to it, and closing `redis` ends what waits for it
 */
export async function closeParts(
  { client }: OpenRedis,
  parts: readonly { close(): Promise<void> }[],
  patience: number,
): Promise<void> {
  const closing = Promise.allSettled(parts.map((part) => part.close()));
  await Promise.race([closing, seconds(client.status === 'ready' ? patience : 0.2)]);
}

/** Passes after so long, and keeps no process from ending. */
export const seconds = (count: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, count * 1000).unref();
  });
