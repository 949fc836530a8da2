import { RevelaError } from '../../errors.js';
import { blockMeans, type Plane, type Planes } from '../../pixels/arithmetic.js';
import { channelOnBits, checkSameSize, measuredBits } from '../eight-bit.js';
import { gaussianWindow, windowedSimilarity } from './windowed-similarity.js';

/** What each scale counts, from the finest to the coarsest (Wang et al., 2003, section 4). */
export const msSsimWeights: readonly number[] = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];

/** The least side of a picture: the window fits into the coarsest scale. */
export const MS_SSIM_LEAST_SIDE = 161;

/**
 * Multi-scale structural similarity (Wang, Simoncelli & Bovik, Asilomar 2003), as the authors' program computes it: contrast
 * and structure at five scales, each half as large as the one before, and luminance at the coarsest alone,
 *
 *     MS-SSIM = SSIM₅^w₅ · Π_{j<5} CS_j^w_j,   w = 0.0448, 0.2856, 0.3001, 0.2363, 0.1333
 *
 * with the window of {@link ssim} on 8-bit values and CS its factor of contrast and structure, each a mean over all positions
 * before the powers are taken. Between scales the mean of 2×2 pixels is kept. The original is defined on grey; here colours are
 * measured one by one and averaged. A negative CS, whose power is no real number, counts as 0.
 *
 * 1 for equal pictures.
 *
 * @param a `[channels, height, width]` in [0, 1], a `Picture` for one; rounded to 8 bits, or to 16 where both have them; values outside clamped
 * @param b likewise, of the same size
 * @throws RevelaError if the sizes differ, a side is shorter than 161 pixels, or a value is not a number
 *
 * @example
 * msSsim(lumaOf(upscaled), lumaOf(original)); // 0.97
 */
export function msSsim(a: Planes, b: Planes): number {
  checkSameSize('MS-SSIM', a, b);
  const { width, height, channels } = a;
  if (Math.min(width, height) < MS_SSIM_LEAST_SIDE)
    throw new RevelaError(
      `MS-SSIM needs pictures of at least ${MS_SSIM_LEAST_SIDE}×${MS_SSIM_LEAST_SIDE} pixels, these have ${width}×${height}`,
    );
  const bits = measuredBits(a, b);
  let sum = 0;
  for (let channel = 0; channel < channels; channel++)
    sum += ofChannels(
      { width, height, data: channelOnBits(a, channel, bits) },
      { width, height, data: channelOnBits(b, channel, bits) },
    );
  return sum / channels;
}

function ofChannels(a: Plane, b: Plane): number {
  let product = 1;
  for (const [scale, weight] of msSsimWeights.entries()) {
    if (scale > 0) [a, b] = [blockMeans(a, 2), blockMeans(b, 2)];
    const { whole, structure } = windowedSimilarity(a.data, b.data, a.width, a.height, gaussianWindow);
    const factor = scale === msSsimWeights.length - 1 ? whole : structure;
    product *= Math.max(0, factor) ** weight;
  }
  return product;
}
