import type { Picture } from '../../images/index.js';
import {
  fileRead,
  type ShippedUpscaler,
  shippedUpscalerPath,
  loadUpscalerWeights,
  type UpscalerWeights,
} from '../../models/index.js';
import { intendedInRange, type UpscalerChoice, upscalerFor } from '../../apply/index.js';

/** Upscalers of which each picture gets the one that is for it. */
export type Upscalers = Readonly<Record<ShippedUpscaler, UpscalerWeights>>;

/**
 * Reads the upscalers that the package ships.
 *
 * @example
 * const upscaling = await openUpscaler({ weights: await shippedUpscalers() }); // as without `weights`
 */
export async function shippedUpscalers(): Promise<Upscalers> {
  const [photo, faithful] = await Promise.all([
    loadUpscalerWeights(shippedUpscalerPath('photo')),
    loadUpscalerWeights(shippedUpscalerPath('faithful')),
  ]);
  return { photo, faithful };
}

/** The weights that are meant: one upscaler's, or those of `photo`, beside which `faithful` may be chosen. */
export async function upscalersOf(
  given: string | UpscalerWeights | Upscalers | undefined,
): Promise<{ readonly weights: UpscalerWeights; readonly faithful?: UpscalerWeights }> {
  if (typeof given === 'string') return { weights: await loadUpscalerWeights(given) };
  if (given !== undefined && !('photo' in given)) return { weights: given };
  const { photo, faithful } = given ?? (await shippedUpscalers());
  return { weights: photo, faithful };
}

/** Whether weights are the package's `faithful`. */
export function isFaithful(weights: UpscalerWeights): boolean {
  return fileRead(weights) === shippedUpscalerPath('faithful');
}

/** Whether weights are the package's `photo`. */
export function isPhoto(weights: UpscalerWeights): boolean {
  return fileRead(weights) === shippedUpscalerPath('photo');
}

/**
 * Chooses for a picture: `faithful`, which takes every pixel for the truth, where it is a clean drawing or screenshot; else `photo`, which
 * knows blur, noise and blocks.
 *
 * @param picture in the range of networks
 * @param denoise how much is to be cleaned, where that was said: then `photo`, which cleans
 * @param original the picture as it was, before it was brought into that range
 */
export async function chooseUpscaler(
  picture: Picture,
  denoise?: number,
  original: Picture = picture,
): Promise<UpscalerChoice> {
  return upscalerFor(await intendedInRange(picture, original, {}), picture, denoise);
}
