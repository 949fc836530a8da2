import type { CellGrid } from './cells.js';
import type { ResidualCells } from './residual-cells.js';

/** The variance of the noise of a channel where the picture has a brightness. */
export type NoiseVariance = (brightness: number) => number;

/** How much of what was taken away stays away, 0 to 1, cell by cell. */
export interface DetailWeights {
  readonly grid: CellGrid;
  readonly weights: Float32Array;
}

/**
 * Where what a network took away has no more variance than the noise, all of it stays away; where it has more, the rest
 * is detail that was lost, and the part `noise / variance` stays away (a Wiener filter of the residual). One weight serves
 * all channels, so that no colours appear.
 *
 * @param variances of the noise, one for each channel
 * @param tolerance how many times as much as the noise still is noise
 */
export function detailWeights(
  { grid, brightness, squares }: ResidualCells,
  variances: readonly NoiseVariance[],
  tolerance: number,
): DetailWeights {
  const weights = new Float32Array(grid.columns * grid.rows);
  for (const [channel, variance] of variances.entries()) {
    const [levels, powers] = [brightness[channel], squares[channel]];
    for (let cell = 0; cell < weights.length; cell++) {
      const noise = variance(levels?.[cell] ?? 0) * tolerance * variances.length;
      weights[cell] = (weights[cell] ?? 0) + (powers?.[cell] ?? 0) / Math.max(noise, 1e-9);
    }
  }
  for (let cell = 0; cell < weights.length; cell++) weights[cell] = Math.min(1, 1 / (weights[cell] ?? 1));
  return { grid, weights };
}
