import { optionalPeers } from '../optional-peers.js';

/** BullMQ, and what speaks with Redis for it. */
export interface QueuePeers {
  readonly bullmq: typeof import('bullmq');
  readonly Redis: typeof import('ioredis').Redis;
}

/**
 * Loads BullMQ and ioredis.
 *
 * @param what what needs them, for people
 * @throws RevelaError that says what to install, where they are missing
 */
export function queuePeers(what: string): Promise<QueuePeers> {
  return optionalPeers(what, ['bullmq', 'ioredis'], async () => {
    const [bullmq, { Redis }] = await Promise.all([import('bullmq'), import('ioredis')]);
    return { bullmq, Redis };
  });
}
