import { takenAwayAside } from '../denoise/index.js';
import type { LeanPicture, Picture } from '../pixels/index.js';
import type { Intended } from './remove-noise.js';

/**
 * Up to this deviation, of 255, all that a network takes away may go without evidence that it is noise: nobody misses texture that is
 * changed by so little (48 dB), and noise as weak, which cannot be told from it, is seen.
 */
const LITTLE = 1;
/** From here on evidence alone decides: of clean, finely textured photographs a network takes as much. */
const MUCH = 1.2;

/**
 * How much is to be taken away now that a network has answered: where that is little, as much as if all that looks like noise were noise.
 *
 * @param answer not yet restrained
 */
export async function settledBy(
  { data }: Picture,
  picture: LeanPicture,
  intended: Intended,
): Promise<Intended> {
  const { strength, seen } = intended;
  if (seen <= strength) return intended;
  const { width, height, channels } = picture;
  const taken = 255 * (await takenAwayAside(picture.data, data, { width, height, channels }));
  const share = Math.min(1, Math.max(0, (MUCH - taken) / (MUCH - LITTLE)));
  return { ...intended, strength: Math.max(strength, share * seen) };
}
