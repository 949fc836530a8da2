import type { PictureValues, PlanesSize } from '../../pixels/index.js';
import type { NoiseVariance } from './detail-weights.js';
import { type Moments, type NoiseMoments, noiseMoments } from './noise-moments.js';
import { throughPoints } from './through-points.js';

/** By how much noise has moved the mean where the picture has a brightness; at most 0. */
export type ToneBias = (brightness: number) => number;

/** A class of fewer samples tells nothing. */
const FEWEST = 2000;

/** Neighbouring samples of a camera's noise go together: so many count as one. */
const TOGETHER = 8;

/** The exponent of the curve that is taken for the whole of a bias: that of sRGB, about. */
const EXPONENT = 2.2;

/** Below this brightness a tone curve is a straight line. */
const STRAIGHT = 0.08;

/** How much more bent than that curve one may be. */
const MOST_BENT = 1.3;

/** No tone curve moves a mean by more of the noise's deviation than this. */
const MOST = 0.35;

/** The bias that a curve of {@link EXPONENT} would have made of noise of this variance. */
const wholeBias = ({ count, level, squares }: Moments): number =>
  (((1 - EXPONENT) / 2) * (squares / count)) / Math.max(STRAIGHT, level / count);

/** How bent the picture's tone curve is, as a multiple of one of {@link EXPONENT}: less two standard errors. */
function bentOf(channels: readonly NoiseMoments[]): number {
  let [both, all] = [0, 0];
  for (const moments of channels.flatMap(({ whole }) => whole)) {
    const { count, squares, cubes } = moments;
    if (count < FEWEST || squares <= 0) continue;
    const variance = squares / count;
    // The error of a bias told by the skewness is the noise's deviation, times √(6/n)/6.
    const weight = count / variance;
    const whole = wholeBias(moments);
    both += (weight * whole * cubes) / (6 * squares);
    all += weight * whole ** 2;
  }
  if (all === 0) return 0;
  const unsure = Math.sqrt((6 * TOGETHER) / all) / 6;
  return Math.min(MOST_BENT, Math.max(0, both / all - 2 * unsure));
}

/**
 * By how much noise has made places darker than they are, told by its skewness.
 *
 * Noise comes in before the camera's tone curve f, which is steeper in the dark: it throws a sample further down than up, so
 * the mean of noisy samples lies below the truth, by f″σ²/2 of noise of deviation σ in front of the curve. What comes out has
 * the skewness 3f″σ/f′ and the deviation f′σ, so that the bias is the third central moment over six times the variance, whatever
 * the curve is. Of a power law 1/γ it is (1 − γ)/2 times the variance over the brightness. So a multiple of the bias of such a curve is
 * fitted to what the skewness says wherever a network took away noise alone and next to nothing is black or white, and holds for
 * all brightnesses, down to nothing in black, and 0.35 of the deviation at most. Noise that came in behind the curve has no skewness, and no bias. *This program's own.*
 *
 * @param noisy `[channels, height, width]`, `[0, 1]`
 * @param denoised of the same size
 * @param variances of the noise, for each channel
 */
export function toneBiases(
  noisy: PictureValues,
  denoised: Float32Array,
  planes: PlanesSize,
  variances: readonly NoiseVariance[],
): readonly ToneBias[] {
  const channels = noiseMoments(noisy, denoised, planes, variances);
  const bent = bentOf(channels);
  return channels.map(({ all }) =>
    throughPoints([
      // In the deepest shadows curves are straight lines, and what noise does there is cut off.
      { level: 0, value: 0 },
      ...all
        .filter(({ count, squares }) => count >= FEWEST && squares > 0)
        .map((moments) => {
          const { count, level, squares } = moments;
          const most = MOST * Math.sqrt(squares / count);
          return { level: level / count, value: -Math.min(most, -bent * wholeBias(moments)) };
        }),
    ]),
  );
}
