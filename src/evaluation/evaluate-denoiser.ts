import { type Picture, readPicture, inSameColours } from '../images/index.js';
import { findCloseness } from '../quality/index.js';
import { openDenoiser } from '../restore/index.js';
import type { DenoiserWeights } from '../models/index.js';
import { type Evaluation, evaluatePictures, type MeanScore } from './evaluation.js';
import type { CheckedPair } from './find-pairs.js';
import { checked } from '../options/index.js';
import { type EvaluateDenoiserOptions, evaluateDenoiserOptions } from './evaluation-options.js';

/** What was measured on one pair; `before` is the noisy picture as it is. */
export interface PictureScore extends CheckedPair, MeanScore {}

/** What {@link evaluateDenoiser} measured. */
export type DenoiserEvaluation = Evaluation<DenoiserWeights, CheckedPair>;

/** How the numbers are defined, for people: papers differ in this. */
export const scoreDefinitions =
  'PSNR in dB over all RGB values, SSIM with a Gaussian window of 11×11 and σ 1.5 per channel, both on 8-bit values (on 16 bits where both pictures have them), per picture, then averaged';

/**
 * Denoises noisy pictures with weights as they are, without learning from them, and compares the results with the clean
 * ones.
 *
 * @throws RevelaError for anything that the user can mend
 *
 * @example
 * const { pairs } = await findPairs({ noisy: 'sidd5/noisy', clean: 'sidd5/clean' });
 * const { mean } = await evaluateDenoiser({ weights: 'garden.safetensors', pairs });
 * console.log(mean?.after.psnr);
 */
export async function evaluateDenoiser(options: EvaluateDenoiserOptions): Promise<DenoiserEvaluation> {
  const asked = checked('evaluateDenoiser', evaluateDenoiserOptions, options);
  const { pairs, onProgress: _, onPicture: __, ...denoising } = asked;
  return evaluatePictures(
    {
      items: pairs,
      async open(onProgress) {
        const denoiser = await openDenoiser({
          ...denoising,
          ...{ adapt: false, pictures: pairs.length, onProgress },
        });
        return Object.assign(denoiser, { picture: (input: Picture) => denoiser.denoise(input) });
      },
      async read(pair) {
        const [noisy, clean] = [await readPicture(pair.noisy), await readPicture(pair.clean)];
        const closeness = (picture: Picture) => findCloseness(...inSameColours(picture, clean));
        return { input: noisy, before: noisy, closeness };
      },
    },
    asked,
  );
}
