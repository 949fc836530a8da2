import { type NoiseMeasurement, wholeDeviation } from '../measure-noise/measure-noise.js';
import type { NoiseVariance } from './detail-weights.js';
import { throughPoints } from './through-points.js';

/** What a colour difference of JPEG adds to red, green and blue. */
const shares: readonly number[] = [1.402, Math.hypot(0.344, 0.714), 1.772];

/**
 * The variance of the measured noise in each channel, as a function of the channel's brightness; brighter and darker than
 * what was measured, that of the nearest.
 *
 * @param channels 1 for grey, 3 for red, green, blue
 */
export function measuredVariances({ levels }: NoiseMeasurement, channels: number): readonly NoiseVariance[] {
  return Array.from({ length: channels }, (_, channel) => {
    const share = channels === 1 ? 0 : (shares[channel] ?? 0);
    return throughPoints(
      levels.map(({ brightness, luma, chroma }) => ({
        level: brightness,
        value: wholeDeviation(luma) ** 2 + (share * wholeDeviation(chroma)) ** 2,
      })),
    );
  });
}
