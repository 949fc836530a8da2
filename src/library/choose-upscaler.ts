import type { Picture } from '../images/index.js';
import { intendedFor } from './remove-noise.js';
import { type ShippedUpscaler, shippedUpscalerPath } from './shipped-weights.js';
import { loadUpscalerWeights, type UpscalerWeights } from './upscaler-weights.js';

/** Which upscaler a picture is enlarged by, and why, for people. */
export interface UpscalerChoice {
  readonly name: ShippedUpscaler;
  readonly reason: string;
}

/** Reads the upscalers that the package ships. */
export async function shippedUpscalers(): Promise<Readonly<Record<ShippedUpscaler, UpscalerWeights>>> {
  const [photo, faithful] = await Promise.all([
    loadUpscalerWeights(shippedUpscalerPath('photo')),
    loadUpscalerWeights(shippedUpscalerPath('faithful')),
  ]);
  return { photo, faithful };
}

/** From this share of the noise on that would be taken away, a picture counts as noisy. */
const NOISY = 0.1;

/**
 * Chooses for a picture: `photo`, which knows noise and blocks, where noise is measured or the file has lost something;
 * `faithful`, which takes every pixel for the truth, where it is clean.
 *
 * @param picture in the range of networks
 */
export async function chooseUpscaler(picture: Picture): Promise<UpscalerChoice> {
  const { noise, strength } = await intendedFor(picture, {});
  if (strength >= NOISY) {
    const level = (255 * Math.max(noise.luma, noise.chroma)).toFixed(1);
    return { name: 'photo', reason: `it has noise, ${level} of 255` };
  }
  const { format, lossless = false } = picture;
  const lossy = format === 'jpeg' || ((format === 'webp' || format === 'avif') && !lossless);
  return lossy
    ? { name: 'photo', reason: `it comes from a file that loses detail (${format.toUpperCase()})` }
    : { name: 'faithful', reason: 'it is clean' };
}
