import { LEAST, type NoiseLevel, type NoiseMeasurement } from './measure-noise.js';

const ramp = (value: number, from: number, to: number): number =>
  Math.min(1, Math.max(0, (value - from) / (to - from)));

/** Between which deviations of the luma's middle band, of 255, noise comes in sight. */
interface Sight {
  readonly unseen: number;
  readonly plain: number;
}

/** Noise as cameras save it: grains of several pixels. */
const coarse: Sight = { unseen: 1, plain: 2.2 };

/** Noise as fine as the pixels is seen half as well; scans and reduced pictures have it, and keep it. */
const fine: Sight = { unseen: 2.5, plain: 6.5 };

/** In a picture that is hardly more than a thumbnail, fine grain and fine detail cannot be told apart. */
const tiny: Sight = { unseen: 7.5, plain: 11 };
const TINY_PIXELS = 100_000;

/** From which fineness on noise counts as fine, and from which on altogether. */
const FINE = [0.68, 0.78] as const;

/** From which evidence on noise is believed in, and from which on altogether. */
const EVIDENCE = [0.2, 0.5] as const;

/**
 * How much of what a network takes away should be taken away: 0 for a picture whose noise is not seen, or not sure, 1 where
 * it is plain, and gradually between, so that no two pictures of a series differ by a jump.
 *
 * @param pixels of the picture
 *
 * @example
 * naturalStrength(measureNoise(picture), picture.width * picture.height); // 0 for a clean picture
 */
export function naturalStrength({ levels, fineness, evidence }: NoiseMeasurement, pixels: number): number {
  const middle = ({ luma }: NoiseLevel): number => luma[2] ?? 0;
  const total = levels.reduce((sum, level) => sum + level.evidence, 0);
  if (total === 0) return 0;
  const variance = levels.reduce((sum, level) => sum + level.evidence * middle(level) ** 2, 0) / total;
  // That black is black is no evidence of noise elsewhere.
  const noisy = levels.reduce((sum, level) => sum + (middle(level) > LEAST ? level.evidence : 0), 0);
  const deviation = 255 * Math.sqrt(variance);
  const finest = pixels < TINY_PIXELS ? tiny : fine;
  const share = ramp(fineness, ...FINE);
  const between = (of: keyof Sight): number => coarse[of] + share * (finest[of] - coarse[of]);
  return ramp(deviation, between('unseen'), between('plain')) * ramp((evidence * noisy) / total, ...EVIDENCE);
}

/** How much should be taken away if all that looks like noise were noise: never less than {@link naturalStrength}. */
export const seenStrength = (noise: NoiseMeasurement, pixels: number): number =>
  naturalStrength({ ...noise, evidence: 1 }, pixels);
