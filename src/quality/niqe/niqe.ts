import type { Planes } from '../../pixels/index.js';
import { RevelaError } from '../../errors.js';
import { distanceUnder, fitGaussian, type GaussianModel } from '../statistics/gaussian-model.js';
import type { QualityMeasure } from '../measure.js';
import { niqePatches, niqePatchSide } from './niqe-patches.js';

/** What NIQE takes good photographs' patches to be like: 36 features, normally distributed. */
export type NiqeModel = GaussianModel;

/** What is to be known about NIQE. */
export const niqeMeasure: QualityMeasure<'niqe'> = {
  name: 'niqe',
  title: 'NIQE',
  summary: 'how far the statistics of its patches are from those of good photographs',
  better: 'lower',
  range: [0, Number.POSITIVE_INFINITY],
  usual: [2, 15],
  ...{ needsReference: false, fromOpinions: false, hasMap: false },
  smallest: { width: niqePatchSide, height: niqePatchSide },
  refuses: 'pictures with fewer than two patches of 96×96 pixels that have texture, such as flat ones',
  needs: [],
  source:
    'Mittal, Soundararajan, Bovik: Making a “completely blind” image quality analyzer, 2013; niqe_release (MATLAB)',
};

/**
 * The natural image quality evaluator: the distance between two normal distributions of patch features, that of good
 * photographs and that of this picture,
 *
 *     √((ν₁ − ν₂)ᵀ ((Σ₁ + Σ₂) / 2)⁺ (ν₁ − ν₂))
 *
 * (Mittal, Soundararajan and Bovik, 2013, equation 10), as `computequality.m` of its MATLAB release computes it: grey of 8
 * bits, patches of 96×96 pixels, at full and at half size. It never learned from opinions.
 *
 * @param picture `[channels, height, width]` in [0, 1], of 1 or 3 channels; rounded to 8 bits, values outside clamped
 * @param model of good photographs, from `readNiqeModel` or `fitNiqeModel`
 * @returns 0 for good photographs' statistics, usually 2 to 15; lower is better
 * @throws RevelaError if fewer than two patches have texture, the picture is smaller than a patch, or a value is not a
 *   number
 *
 * @example
 * niqe(await readPicture('photo.jpg'), await readNiqeModel('niqe_pris_params.npz')); // 3.2
 */
export function niqe(picture: Planes, model: NiqeModel): number {
  const patches = niqePatches(picture);
  const { complete, ...seen } = fitGaussian(patches.map(({ features }) => features));
  if (complete < 2)
    throw new RevelaError(
      `NIQE needs at least two patches of ${niqePatchSide}×${niqePatchSide} pixels with texture; of the ${patches.length} of this picture ${complete} ${complete === 1 ? 'has' : 'have'} some, the rest is flat`,
    );
  return distanceUnder(model, seen)(model.mean, seen.mean);
}
