import { type Picture, readPicture } from '../images/index.js';
import { checked, checkValue, given, list } from '../options/index.js';
import { findLumaCloseness } from '../quality/index.js';
import { type Evaluation, evaluatePictures, type MeanScore } from './evaluation.js';
import { type EvaluateUpscalerOptions, evaluateUpscalerOptions } from './evaluation-options.js';
import type { LargePicture } from './find-large-pictures.js';
import { bicubic, type LargeAndSmall, madeSmall, plainPart } from '../runs/index.js';
import { openUpscaler } from '../restore/index.js';
import type { UpscalerWeights } from '../models/index.js';

/** What was measured on one picture; `before` is the bicubic enlargement. */
export interface EnlargementScore extends LargePicture, MeanScore {}

/** What {@link evaluateUpscaler} measured. */
export interface UpscalerEvaluation extends Evaluation<UpscalerWeights, LargePicture> {
  readonly scale: number;
  readonly border: number;
}

const largePictures = list(given<LargePicture>('object', { expected: 'a picture', words: '' }), {
  ...{ expected: 'pictures, as findLargePictures finds them', words: '' },
});

/** How the numbers are defined, for people: papers differ in this. */
export const lumaDefinitions = (border: number): string =>
  `PSNR in dB and SSIM with a Gaussian window of 11×11 and σ 1.5, both of the luma (Y of YCbCr, ITU-R BT.601; grey as it is) on 8-bit values (on 16 bits where both pictures have them) without a border of ${border} pixels, per picture, then averaged`;

/**
 * Makes large pictures small by MATLAB's bicubic (or takes the small ones that are given), enlarges them with weights, and
 * compares the results with the large ones on the luma without a border, as the super-resolution papers do. The scores
 * before are those of MATLAB's bicubic enlargement.
 *
 * @throws RevelaError for anything that the user can mend
 *
 * @example
 * const on = await findLargePictures({ large: 'set5/GTmod12' });
 * const { mean } = await evaluateUpscaler({ weights: 'runs/pixel', on });
 * console.log(mean?.after.psnr, mean?.before.psnr); // of the network and of bicubic
 */
export async function evaluateUpscaler(options: EvaluateUpscalerOptions): Promise<UpscalerEvaluation> {
  const asked = checked('evaluateUpscaler', evaluateUpscalerOptions, options);
  checkValue(largePictures, asked.on.pictures, 'on.pictures');
  const { on, onProgress: _, onPicture: __, ...upscaling } = asked;
  const { pictures, scale, border } = on;
  const evaluation = await evaluatePictures(
    {
      items: pictures,
      async open(onProgress) {
        const upscaler = await openUpscaler({ ...upscaling, scale, pictures: pictures.length, onProgress });
        return Object.assign(upscaler, { picture: (input: Picture) => upscaler.upscale(input) });
      },
      async read(picture) {
        const { large, small } = await readBoth(picture, scale);
        const closeness = (result: Picture) => findLumaCloseness(result, large, border);
        return { input: small, before: await bicubic(small, large), closeness };
      },
    },
    asked,
  );
  return { ...evaluation, scale, border };
}

/** A large picture, cut to whole multiples of the scale, and its small one. */
async function readBoth(
  { large: file, small: smallFile, width, height }: LargePicture,
  scale: number,
): Promise<LargeAndSmall> {
  const large = await readPicture(file);
  if (smallFile === undefined) return madeSmall(large, { degradation: 'bicubic', scale });
  const small = await readPicture(smallFile);
  return { large: plainPart(large, width, height), small: plainPart(small, small.width, small.height) };
}
