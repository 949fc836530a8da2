import type { Planes } from '../../pixels/index.js';
import { RevelaError } from '../../errors.js';
import { checked } from '../../options/plain.js';
import { type IlNiqeOptions, ilNiqeOptions } from '../arithmetic-options.js';
import { distanceUnder, fitGaussian, type GaussianModel } from '../statistics/gaussian-model.js';
import { ilNiqeFeatures, ilNiqePatches } from './il-niqe-patches.js';
import type { QualityMeasure } from '../measure.js';

/** What IL-NIQE takes good photographs' patches to be like: principal components of features, normally distributed. */
export interface IlNiqeModel {
  /** `[468]`: the mean of the features, which is taken from them before they are projected. */
  readonly centre: Float64Array;
  /** `[components, 468]`: directions of length 1. */
  readonly components: Float64Array;
  /** The distribution of the projections. */
  readonly distribution: GaussianModel;
}

/** What stands for an infinite feature, as in the original. */
const infinite = 10_000;

/** What is to be known about IL-NIQE. */
export const ilNiqeMeasure: QualityMeasure<'il-niqe'> = {
  name: 'il-niqe',
  title: 'IL-NIQE',
  summary:
    'how far each of its patches is from those of good photographs, in colour, gradients and frequencies too',
  better: 'lower',
  range: [0, Number.POSITIVE_INFINITY],
  usual: [15, 120],
  ...{ needsReference: false, fromOpinions: false, hasMap: false },
  smallest: { width: 64, height: 64 },
  refuses: 'pictures with fewer than two patches that have texture, such as flat ones',
  needs: ["IL-NIQE's pristine model: templateModel.mat or one fitted on pictures"],
  source:
    'Zhang, Zhang, Bovik: A feature-enriched completely blind image quality evaluator, 2015; ILNIQE release (MATLAB)',
};

/**
 * The integrated local natural image quality evaluator (Zhang, Zhang and Bovik, 2015): the mean over the patches of a
 * picture of their distance to good photographs' patches,
 *
 *     √((xᵢ − ν₁)ᵀ ((Σ₁ + Σ₂) / 2)⁺ (xᵢ − ν₁))
 *
 * with xᵢ the principal components of a patch's 468 features, ν₁ and Σ₁ the model's and Σ₂ the picture's own
 * covariance (equation 16), as `computequality.m` of its MATLAB program computes it. It never learned from opinions.
 *
 * @param picture `[channels, height, width]` in [0, 1], of 1 or 3 channels; rounded to 8 bits, and brought to 524×524
 * @param model of good photographs, from `readIlNiqeModel` or `fitIlNiqeModel`
 * @returns lower is better
 * @throws RevelaError if fewer than two patches have texture, the picture is smaller than 64×64, or a value is not a
 *   number
 *
 * @example
 * ilNiqe(await readPicture('photo.jpg'), await readIlNiqeModel('templateModel.mat')); // 23.9
 */
export function ilNiqe(picture: Planes, model: IlNiqeModel, options: IlNiqeOptions = {}): number {
  const asked = checked('ilNiqe', ilNiqeOptions, options);
  const rows = ilNiqePatches(picture, asked).map(({ features }) => project(features, model));
  const { complete, mean, covariance } = fitGaussian(rows);
  if (complete < 2)
    throw new RevelaError(
      `IL-NIQE needs at least two patches with texture; of the ${rows.length} of this picture ${complete} ${complete === 1 ? 'has' : 'have'} some, the rest is flat`,
    );
  const distance = distanceUnder(model.distribution, { mean, covariance });
  const centre = model.distribution.mean;
  // A flat patch counts as the mean of the others.
  const sum = rows.reduce((total, row) => total + distance(row.some(Number.isNaN) ? mean : row, centre), 0);
  return sum / rows.length;
}

/** The principal components of a row of features; all NaN if one of them is. */
function project(features: Float64Array, { centre, components }: IlNiqeModel): Float64Array {
  const away = features.map(
    (value, i) => (Number.isFinite(value) || Number.isNaN(value) ? value : infinite) - (centre[i] ?? 0),
  );
  return Float64Array.from({ length: components.length / ilNiqeFeatures }, (_, k) => {
    let sum = 0;
    for (let i = 0; i < ilNiqeFeatures; i++)
      sum += (components[k * ilNiqeFeatures + i] ?? 0) * (away[i] ?? 0);
    return sum;
  });
}
