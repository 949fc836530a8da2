import type { Planes } from '../../pixels/index.js';
import { RevelaError } from '../../errors.js';
import { brisqueFeatures } from './brisque-features.js';
import type { QualityMeasure } from '../measure.js';
import { predict, type SupportVectorRegression } from './support-vectors.js';

/** What BRISQUE learned from opinions: how features are scaled, and what score they have. */
export interface BrisqueModel {
  readonly regression: SupportVectorRegression;
  /** `[36]`: the feature values that become −1 and 1. */
  readonly lowest: Float64Array;
  readonly highest: Float64Array;
}

/** At half size the window of 7 pixels should still fit. */
const smallestSide = 16;

/** What is to be known about BRISQUE. */
export const brisqueMeasure: QualityMeasure<'brisque'> = {
  name: 'brisque',
  title: 'BRISQUE',
  summary: 'the quality that people gave to pictures of such statistics',
  better: 'lower',
  range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  usual: [0, 100],
  ...{ needsReference: false, fromOpinions: true, hasMap: false },
  smallest: { width: smallestSide, height: smallestSide },
  refuses: 'flat pictures',
  needs: ["BRISQUE's model of the LIVE database: allmodel and allrange of its release"],
  source:
    'Mittal, Moorthy, Bovik: No-reference image quality assessment in the spatial domain, 2012; BRISQUE_release (MATLAB)',
};

/**
 * The blind/referenceless image spatial quality evaluator (Mittal, Moorthy and Bovik, 2012), as `brisquescore.m` of its
 * MATLAB release computes it: 36 statistics of the grey picture, scaled, through a regression that learned people's
 * scores of the LIVE database.
 *
 * @param picture `[channels, height, width]` in [0, 1], of 1 or 3 channels; rounded to 8 bits, values outside clamped
 * @param model from `readBrisqueModel`
 * @returns usually 0 (best) to 100 (worst); a little outside is possible
 * @throws RevelaError if the picture is flat or smaller than 16×16, or a value is not a number
 *
 * @example
 * brisque(await readPicture('photo.jpg'), await readBrisqueModel('allmodel', 'allrange')); // 21.4
 */
export function brisque(picture: Planes, { regression, lowest, highest }: BrisqueModel): number {
  if (Math.min(picture.width, picture.height) < smallestSide)
    throw new RevelaError(
      `BRISQUE needs pictures of at least ${smallestSide}×${smallestSide} pixels, this one has ${picture.width}×${picture.height}`,
    );
  const features = brisqueFeatures(picture);
  if (!features.every(Number.isFinite))
    throw new RevelaError('BRISQUE cannot judge this picture: it is flat, without any texture to measure');
  const scaled = features.map((value, i) => {
    const [low, high] = [lowest[i] ?? 0, highest[i] ?? 1];
    // The release hands its features to LIBSVM's programs as text with six decimals.
    return -1 + (2 * (Number(value.toFixed(6)) - low)) / (high - low);
  });
  return predict(regression, scaled);
}
