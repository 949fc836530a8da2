import { type PictureValues, type PlanesSize, rowOf } from '../../pixels/index.js';
import { type CellGrid, cellsOf, pixelsAlong, smoothCells } from './cells.js';

/** What a network took away, cell by cell, for each channel. */
export interface ResidualCells {
  readonly grid: CellGrid;
  /** Mean of the denoised picture. */
  readonly brightness: readonly Float32Array[];
  /** Mean square of what was taken away, in the cell and around it. */
  readonly squares: readonly Float32Array[];
  /** The share of samples that are black or white, in the cell and around it. */
  readonly clipped: readonly Float32Array[];
}

/** The side of a cell; what surrounds it is counted too, so that it is seen how much there is in twelve pixels by twelve. */
const SIDE = 4;
const AROUND: readonly number[] = [1, 1, 1];

/** Samples this close to black or white count as clipped. */
export const NEAR = 1.6 / 255;

/** Looks at what a network took away: how much there is of it in each place. */
export function residualCells(
  noisy: PictureValues,
  denoised: Float32Array,
  planes: PlanesSize,
): ResidualCells {
  const { channels, width, height } = planes;
  const grid = cellsOf(planes, SIDE);
  const { columns, rows } = grid;
  const maps = (): Float32Array[] => Array.from({ length: channels }, () => new Float32Array(columns * rows));
  const [brightness, squares, clipped] = [maps(), maps(), maps()];
  const [across, down] = [pixelsAlong(columns, SIDE, width), pixelsAlong(rows, SIDE, height)];
  const read = new Float32Array(width);
  for (let channel = 0; channel < channels; channel++) {
    const [sums, powers, cuts] = [brightness[channel], squares[channel], clipped[channel]];
    if (sums === undefined || powers === undefined || cuts === undefined) break;
    for (let y = 0; y < height; y++) {
      const first = (channel * height + y) * width;
      const row = rowOf(noisy, planes, channel, y, read);
      const line = Math.floor(y / SIDE) * columns;
      for (let x = 0; x < width; x++) {
        const cell = line + (x >> 2);
        const [before = 0, after = 0] = [row[x], denoised[first + x]];
        sums[cell] = (sums[cell] ?? 0) + after;
        powers[cell] = (powers[cell] ?? 0) + (before - after) ** 2;
        if (before < NEAR || before > 1 - NEAR) cuts[cell] = (cuts[cell] ?? 0) + 1;
      }
    }
    for (let cell = 0; cell < sums.length; cell++) {
      const pixels = (across[cell % columns] ?? 1) * (down[Math.floor(cell / columns)] ?? 1);
      sums[cell] = (sums[cell] ?? 0) / pixels;
      powers[cell] = (powers[cell] ?? 0) / pixels;
      cuts[cell] = (cuts[cell] ?? 0) / pixels;
    }
    smoothCells(powers, grid, AROUND);
    smoothCells(cuts, grid, AROUND);
  }
  return { grid, brightness, squares, clipped };
}
