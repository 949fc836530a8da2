import type { Picture } from '../pixels/index.js';
import { type Intended, intendedInRange } from './remove-noise.js';

/** From this share of the noise on that would be taken away, a picture counts as noisy. */
const NOISY = 0.1;

/**
 * What noise is taken away before `photo` enlarges a picture; `undefined` where there is none that is plain.
 *
 * @param picture in the range of networks
 * @param original the picture as it was, before it was brought into that range
 */
export async function noiseBeforeEnlarging(
  picture: Picture,
  original: Picture,
): Promise<Intended | undefined> {
  const intended = await intendedInRange(picture, original, {});
  // What is not beyond doubt is left to `photo`.
  return intended.strength >= NOISY ? { ...intended, seen: intended.strength } : undefined;
}
