import { plainInference } from '../../denoise/index.js';
import type { Picture } from '../../images/index.js';
import type { Runtime } from '../../runtime/index.js';
import { createApplier, type TileListener, type Intended, removeNoise } from '../../apply/index.js';
import { inferenceMethodNamed, loadDenoiserWeights, shippedDenoiserPath } from '../../models/index.js';
import { lazily } from '../../once.js';

/** All that is natural is taken away. */
const natural = { luma: 1, chroma: 1, detail: 0.5, bare: false };

/**
 * Takes the noise of pictures away before they are enlarged, by the general weights, which are read when the first noisy picture
 * comes. A denoiser sees noise at the size at which it came in, and holds colours and detail; what an upscaler would have to
 * do besides enlarging is done better by it. No second network is asked: what it would mend is mostly lost in what `photo` draws, and a folder of small
 * pictures, each of a size of its own, would take twice the time and memory.
 *
 * @returns a function that gives the cleaned picture; the given one stays as it is
 */
export function cleanerOn(
  runtime: Runtime,
): (picture: Picture, intended: Intended, listener: TileListener) => Promise<Picture> {
  const open = lazily(async () => {
    const weights = await loadDenoiserWeights(shippedDenoiserPath('general'));
    const method = inferenceMethodNamed(weights.method);
    return createApplier(runtime, weights, method, plainInference);
  });
  return async (picture, intended, listener) => {
    const applier = await open();
    listener.signal?.throwIfAborted();
    return (await removeNoise(applier, picture, intended, natural, undefined, listener)).picture;
  };
}
