import { sharedFloats } from '../in-thread.js';
import { type PictureValues, type PlanesSize, rowOf } from '../pixels/index.js';
import { expandRow } from './restrain/cells.js';
import { type DetailWeights, detailWeights } from './restrain/detail-weights.js';
import { learntVariance } from './restrain/learnt-variance.js';
import { residualCells } from './restrain/residual-cells.js';

/** The smallest of many measured variances lies below the true one by about this factor. */
const CORRECTION = 1.5;

/**
 * Where a blind-spot network took away detail besides the noise. How much noise there is is learnt from what it took
 * away: per brightness, from the places where that is least and nothing is cut off at black or white.
 *
 * @param noisy y, `[channels, height, width]`
 * @param denoised x̂, of the same size
 * @param tolerance how many times as much as the noise still is noise
 */
export function lostDetail(
  noisy: PictureValues,
  denoised: Float32Array,
  planes: PlanesSize,
  tolerance = 1,
): DetailWeights {
  const cells = residualCells(noisy, denoised, planes);
  const variances = Array.from({ length: planes.channels }, (_, channel) => learntVariance(cells, channel));
  return detailWeights(cells, variances, CORRECTION * tolerance);
}

/**
 * Gives back the detail that a blind-spot network cannot predict and therefore loses.
 *
 * Where the residual r = y − x̂ of a picture y and its denoised x̂ has the variance σ² of the noise alone, x̂ stands. Where
 * it is larger, the rest is the network's own error, and the estimate that weighs both by their variances is
 * `x̂ + (1 − σ²/var r)·r` (a Wiener filter of the residual; Laine et al., NeurIPS 2019, give the same rule for a
 * network that predicts its variance). Noise stays in busy places, where it does not show.
 * σ² is learnt from the picture: per brightness, from the places with the smallest residual, those aside where noise is cut
 * off at black or white. One weight serves all channels, so that no colours appear.
 *
 * This is no part of SDAP or of any of the methods here; it is this program's own default.
 *
 * @param noisy y, `[channels, height, width]`
 * @param denoised x̂, of the same size
 *
 * @example
 * const data = keepDetail(picture.data, denoised.data, picture);
 */
export function keepDetail(noisy: PictureValues, denoised: Float32Array, planes: PlanesSize): Float32Array {
  const { channels, width, height } = planes;
  const { grid, weights } = lostDetail(noisy, denoised, planes);
  const result = sharedFloats(denoised.length);
  const weight = new Float32Array(width);
  const read = new Float32Array(width);
  for (let y = 0; y < height; y++) {
    expandRow(weights, grid, y, weight);
    for (let channel = 0; channel < channels; channel++) {
      const first = (channel * height + y) * width;
      const row = rowOf(noisy, planes, channel, y, read);
      for (let x = 0; x < width; x++) {
        const before = row[x] ?? 0;
        result[first + x] = before + (weight[x] ?? 1) * ((denoised[first + x] ?? 0) - before);
      }
    }
  }
  return result;
}
