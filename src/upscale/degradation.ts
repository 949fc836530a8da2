import type { Random } from '../random.js';
import { degradeBicubic } from './classical.js';
import type { Planes } from '../noise/index.js';
import { degradeRealWorld, type RealWorldOptions } from './real-world.js';

/** What makes the small picture of a large one. */
export type DegradationKind = 'bicubic' | 'real-world';

/** All of {@link DegradationKind}. */
export const degradationKinds: readonly DegradationKind[] = ['bicubic', 'real-world'];

/** Options of {@link degradePlanes}. */
export interface DegradePlanesOptions extends RealWorldOptions {
  /** The value of white in the file that the bicubic kind is rounded as, 255 or 65,535; default 255. */
  readonly white?: number;
}

/**
 * Degrades planes in one of the ways.
 *
 * @param planes 1 or 3 channels, in [0, 1], both sides multiples of the scale
 * @param random is not used by the bicubic kind
 * @returns planes smaller by the scale, rounded to 8 bits, or to `white` by the bicubic kind
 *
 * @example
 * const low = await degradePlanes('real-world', picture, 4, createRandom(7));
 */
export async function degradePlanes(
  kind: DegradationKind,
  planes: Planes,
  scale: number,
  random: Random,
  { white, ...options }: DegradePlanesOptions = {},
): Promise<Planes> {
  return kind === 'bicubic'
    ? degradeBicubic(planes, scale, white)
    : degradeRealWorld(planes, scale, random, options);
}
