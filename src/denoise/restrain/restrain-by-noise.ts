import type { PictureValues, PlanesSize } from '../../pixels/index.js';
import { present } from '../../present.js';
import { lostDetail } from '../keep-detail.js';
import type { NoiseMeasurement } from '../measure-noise/measure-noise.js';
import { alikeDistance } from './alike-distance.js';
import { calmColours } from './calm-colours.js';
import { calmGrain } from './calm-grain.js';
import { detailWeights } from './detail-weights.js';
import { measuredVariances } from './measured-variance.js';
import { residualCells } from './residual-cells.js';
import { type Restraint, type RowsTaker, restrain } from './restrain.js';
import { toneBiases } from './tone-bias.js';

/** How many times as much as the noise that was measured still is noise. */
const TOLERANCE = 1.5;

/** What a denoised picture is held to. Nothing in it is a function, so that another thread can be asked. */
export interface NoiseRestraint extends Pick<Restraint, 'luma' | 'chroma' | 'mask'> {
  /** What was measured in the noisy picture. */
  readonly noise: NoiseMeasurement;
  /** Makes what counts as noise so many times as much; left out, no detail is given back. */
  readonly tolerance?: number;
  /** What is detail: more than was measured, or more than the network takes away elsewhere. */
  readonly detailBy: 'measured' | 'residual';
  /** How far colours may differ that are averaged, as a multiple of {@link alikeDistance}; default 0: none are. */
  readonly alikeTimes?: number;
}

/** A denoised picture that is safe to keep, and how much was taken away: the root of the mean square. */
export interface Restrained {
  /** The array that was given, unless it had to be copied. */
  readonly data: Float32Array;
  readonly removed: number;
}

/**
 * Holds a denoised picture to what noise can be, in several ways: what is the same for all is done at once.
 *
 * @param noisy `[channels, height, width]`, `[0, 1]`
 * @param denoised of the same size; what a network leaves is calmed in it
 * @returns holds it in one way, and gives how much was taken away, as {@link restrain}; by default `denoised` is written over, and can be held no more
 */
export function heldByNoise(
  noisy: PictureValues,
  denoised: Float32Array,
  planes: PlanesSize,
  { noise }: Pick<NoiseRestraint, 'noise'>,
): (how: Omit<NoiseRestraint, 'noise'>, take?: RowsTaker) => number {
  const variances = measuredVariances(noise, planes.channels);
  const biases = noise.evidence === 0 ? [] : toneBiases(noisy, denoised, planes, variances);
  calmColours(denoised, planes, noise);
  calmGrain(denoised, planes, noise);
  return ({ tolerance, detailBy, luma, chroma, mask, alikeTimes = 0 }, take) => {
    const alike = alikeTimes * alikeDistance(noise);
    const detail =
      tolerance === undefined
        ? undefined
        : detailBy === 'residual'
          ? lostDetail(noisy, denoised, planes, tolerance)
          : detailWeights(residualCells(noisy, denoised, planes), variances, TOLERANCE * tolerance);
    const how = {
      ...{ luma, chroma },
      alike,
      ...present({ detail }),
      ...(noise.evidence === 0 ? {} : { variances, biases }),
      ...present({ mask }),
    };
    return restrain(noisy, denoised, planes, how, take);
  };
}

/**
 * Holds a denoised picture to what noise can be; see {@link restrain}.
 *
 * @param noisy `[channels, height, width]`, `[0, 1]`
 * @param denoised of the same size; it is written over
 */
export function restrainByNoise(
  noisy: PictureValues,
  denoised: Float32Array,
  planes: PlanesSize,
  { noise, ...how }: NoiseRestraint,
): Restrained {
  const hold = heldByNoise(noisy, denoised, planes, { noise });
  return { data: denoised, removed: hold(how) };
}
