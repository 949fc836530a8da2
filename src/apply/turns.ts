import { type FairQueue, fairQueue } from './fair-queue.js';

/** Work that is done one after another, in the order in which it was asked for. */
export interface Turns extends FairQueue {
  /** Waits for all that was asked for. */
  over(): Promise<void>;
}

/**
 * Pictures that are looked at at once would need the memory of all of them, and take the programs away that others are about
 * to use: callers may ask at once, and get their results in turn.
 */
export function inTurns(): Turns {
  const { take } = fairQueue(1);
  return { take, over: () => take(async () => {}) };
}
