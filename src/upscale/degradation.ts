import { addNoise, cameraNoise, filmGrain, type NoiseSettings, oneOf, withAmount } from '../noise/index.js';
import type { Planes } from '../pixels/index.js';
import { present } from '../present.js';
import type { Random } from '../random.js';
import { degradeBicubic } from './classical.js';
import type { UpscalingKind } from './pair-squares.js';
import { anyPhoto, cleanPhoto, smallPhoto } from './photo.js';
import { degradeRealWorld, type RealWorldOptions } from './real-world.js';

/** What makes a bad picture of a good one. */
export type DegradationKind = UpscalingKind | 'camera-noise' | 'film-grain';

/** The kinds that add noise, and what they draw from; they keep the size of a picture where nothing else is asked for. */
const noises: Readonly<Partial<Record<DegradationKind, NoiseSettings>>> = {
  'camera-noise': cameraNoise,
  'film-grain': filmGrain,
};

/** Whether a kind of degradation is noise, which needs no smaller picture. */
export function addsNoise(kind: DegradationKind): boolean {
  return noises[kind] !== undefined;
}

/** Options of {@link degradePlanes}. */
export interface DegradePlanesOptions extends RealWorldOptions {
  /** The value of white in the file that the bicubic kind is rounded as, 255 or 65,535; default 255. */
  readonly white?: number;
  /** How much noise, from 0, hardly any, to 100, the most; default: drawn. */
  readonly amount?: number;
}

/**
 * Degrades planes in one of the ways.
 *
 * @param planes 1 or 3 channels, in [0, 1], both sides multiples of the scale
 * @param scale how many times smaller; may be 1 for noise, for which it is done by bicubic first
 * @param random is not used by the bicubic kind
 * @returns planes smaller by the scale, rounded to 8 bits, or to `white` by the bicubic kind
 *
 * @example
 * const low = await degradePlanes('real-world', picture, 4, createRandom(7));
 */
export async function degradePlanes(
  kind: DegradationKind,
  planes: Planes,
  scale: number,
  random: Random,
  { white, amount, ...options }: DegradePlanesOptions = {},
): Promise<Planes> {
  const noise = noises[kind];
  if (noise !== undefined) {
    const small = scale === 1 ? planes : degradeBicubic(planes, scale);
    return addNoise(small, random, amount === undefined ? noise : withAmount(noise, amount));
  }
  if (kind === 'bicubic') return degradeBicubic(planes, scale, white);
  const drawn = kind === 'mixed' ? oneOf(random, ['clean', 'photo', 'real-world'] as const) : kind;
  if (drawn === 'real-world') return degradeRealWorld(planes, scale, random, options);
  const settings = drawn === 'clean' ? cleanPhoto : anyPhoto;
  return (await smallPhoto(planes, scale, random, { settings, ...present({ pause: options.pause }) })).photo;
}
