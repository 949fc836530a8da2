import { type NoiseLevel, wholeDeviation } from '../measure-noise/measure-noise.js';
import { throughPoints } from './through-points.js';

/**
 * The deviation of the noise that was measured, as far as it is sure, as a function of brightness.
 *
 * @param of what is asked for of each brightness: its luma, or its chroma
 */
export function measuredDeviation(
  levels: readonly NoiseLevel[],
  of: (level: NoiseLevel) => readonly number[],
): (brightness: number) => number {
  return throughPoints(
    levels.map((level) => ({ level: level.brightness, value: level.evidence * wholeDeviation(of(level)) })),
  );
}
