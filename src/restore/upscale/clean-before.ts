import { plainInference } from '../../denoise/index.js';
import type { Picture } from '../../images/index.js';
import type { Runtime } from '../../runtime/index.js';
import {
  type Applier,
  createApplier,
  type TileListener,
  type Intended,
  removeNoise,
} from '../../apply/index.js';
import { inferenceMethodNamed, loadDenoiserWeights, shippedDenoiserPath } from '../../models/index.js';

/** All that is natural is taken away. */
const natural = { luma: 1, chroma: 1, detail: 0.5, bare: false };

/**
 * Takes the noise of pictures away before they are enlarged, by the general weights, which are read when the first noisy picture
 * comes. A denoiser sees noise at the size at which it came in, and holds colours and detail; what an upscaler would have to
 * do besides enlarging is done better by it.
 *
 * @returns a function that gives the cleaned picture; the given one stays as it is
 */
export function cleanerOn(
  runtime: Runtime,
): (picture: Picture, intended: Intended, listener: TileListener) => Promise<Picture> {
  let opened: Promise<Applier> | undefined;
  const open = async (): Promise<Applier> => {
    const weights = await loadDenoiserWeights(shippedDenoiserPath('general'));
    return createApplier(runtime, weights, inferenceMethodNamed(weights.method), { ...plainInference });
  };
  return async (picture, intended, listener) => {
    opened ??= open();
    const applier = await opened.catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    listener.signal?.throwIfAborted();
    return (await removeNoise(applier, picture, intended, natural, undefined, listener)).picture;
  };
}
