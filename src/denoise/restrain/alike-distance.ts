import type { NoiseMeasurement } from '../measure-noise/measure-noise.js';
import { throughPoints } from './through-points.js';

/**
 * How far colours may differ for noise of that deviation, both of 255. Of weak noise a network leaves much beside edges and in texture, and of strong
 * noise a part. In between the nap of cloth and velvet passes for noise.
 */
const distances = throughPoints([
  { level: 0, value: 0 },
  { level: 2, value: 3.6 },
  { level: 3, value: 4.8 },
  { level: 3.5, value: 4.8 },
  { level: 4.2, value: 0 },
  { level: 4.8, value: 0 },
  { level: 5.5, value: 4.8 },
  { level: 9, value: 5.5 },
  { level: 14, value: 8 },
]);

/** From how much evidence on something is done for noise of that deviation, of 255, and with how much all: where noise is weak, little is changed. */
const [doubtful, sure] = [
  throughPoints([
    { level: 2, value: 0 },
    { level: 3, value: 0.4 },
  ]),
  throughPoints([
    { level: 2, value: 0.5 },
    { level: 3, value: 0.6 },
  ]),
];

/**
 * How far the colours of a denoised picture may differ that `alikeColours` takes for the same. *The limits are this program's own*, chosen on
 * real pairs.
 *
 * @param noise what was measured in the noisy picture
 * @returns in units of the picture; 0 where nothing is to be done
 */
export function alikeDistance({ luma, evidence }: NoiseMeasurement): number {
  const deviation = 255 * luma;
  const [from, to] = [doubtful(deviation), sure(deviation)];
  const share = Math.min(1, Math.max(0, (evidence - from) / (to - from)));
  return (share * distances(deviation)) / 255;
}
