import {
  fileRead,
  type ShippedUpscaler,
  shippedUpscalerPath,
  loadUpscalerWeights,
  type UpscalerWeights,
} from '../../models/index.js';

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
