import { mix32 } from '../random.js';

/**
 * The seed of what one of several members learns from: each has batches of its own. The first has those of a training without others.
 *
 * @param lane from 0
 *
 * @example
 * laneSeed(7, 0); // 7
 */
export function laneSeed(seed: number, lane: number): number {
  return lane === 0 ? seed : mix32(mix32(seed ^ 0x51ed270b) + Math.imul(lane, 0x9e3779b1));
}
