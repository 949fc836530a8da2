import { type CellGrid, cellsOf, pixelsAlong, smoothCells } from './cells.js';
import { clippingBias } from './clipping-bias.js';
import type { NoiseVariance } from './detail-weights.js';
import type { Planes } from './residual-cells.js';

/** The side of the cells whose means are held; they are smoothed to about four times as much. */
const SIDE = 8;
const SMOOTH: readonly number[] = [1, 4, 6, 4, 1];

/** By how much a mean may move, of values in `[0, 1]`: less than one step of 8 bits. */
const FREE = 0.7 / 255;

/**
 * The waves that are looked at: the mean, and the three of two pixels, which sub-sampling by 2 leaves as a mesh. Each is
 * told by the sign that it has in odd columns and in odd rows.
 */
export const WAVES: readonly (readonly [across: number, down: number])[] = [
  [1, 1],
  [-1, 1],
  [1, -1],
  [-1, -1],
];

/** What is to be given back, cell by cell: for each channel one map for each of {@link WAVES}. */
export interface HeldMeans {
  readonly grid: CellGrid;
  readonly back: readonly (readonly Float32Array[])[];
}

/** A row of a channel, written into `row`. */
export type ReadRow = (channel: number, y: number, row: Float32Array) => void;

/** How much there is of each of {@link WAVES} in a channel, cell by cell, smoothed. */
function wavesOf(
  planes: Planes,
  grid: CellGrid,
  channel: number,
  read: ReadRow,
): readonly [Float32Array, ...Float32Array[]] {
  const { width, height } = planes;
  const { columns, rows } = grid;
  const row = new Float32Array(width);
  const map = (): Float32Array => new Float32Array(columns * rows);
  const [mean, vertical, horizontal, both] = [map(), map(), map(), map()];
  for (let y = 0; y < height; y++) {
    read(channel, y, row);
    const line = Math.floor(y / SIDE) * columns;
    const sign = y % 2 === 0 ? 1 : -1;
    for (let cell = 0; cell < columns; cell++) {
      let [even, odd] = [0, 0];
      const end = Math.min(width, (cell + 1) * SIDE);
      for (let x = cell * SIDE; x < end; x += 2) {
        even += row[x] ?? 0;
        if (x + 1 < end) odd += row[x + 1] ?? 0;
      }
      const at = line + cell;
      mean[at] = (mean[at] ?? 0) + even + odd;
      vertical[at] = (vertical[at] ?? 0) + even - odd;
      horizontal[at] = (horizontal[at] ?? 0) + sign * (even + odd);
      both[at] = (both[at] ?? 0) + sign * (even - odd);
    }
  }
  const [across, down] = [pixelsAlong(columns, SIDE, width), pixelsAlong(rows, SIDE, height)];
  for (const sums of [mean, vertical, horizontal, both]) {
    for (let at = 0; at < sums.length; at++)
      sums[at] = (sums[at] ?? 0) / ((across[at % columns] ?? 1) * (down[Math.floor(at / columns)] ?? 1));
    smoothCells(sums, grid, SMOOTH);
  }
  return [mean, vertical, horizontal, both];
}

const within = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

/**
 * Finds what a network changed that is no noise whatever it says: slow changes of colour and brightness, which are casts,
 * and slow changes of a wave of two pixels, which are a mesh.
 *
 * Means are free to move by 0.7 of 255, and where noise is cut off at black or white, as far as that has moved them. There
 * may be less of a mesh than in the noisy picture, but not more.
 *
 * @param taken what was taken away
 * @param variances of the noise, for each channel; without them there is no such bias
 */
export function heldMeans(
  noisy: Float32Array,
  planes: Planes,
  taken: ReadRow,
  variances: readonly NoiseVariance[],
): HeldMeans {
  const { channels, width, height } = planes;
  const grid = cellsOf(planes, SIDE);
  const read: ReadRow = (channel, y, row) => {
    const first = (channel * height + y) * width;
    row.set(noisy.subarray(first, first + width));
  };
  const back = Array.from({ length: channels }, (_, channel) => {
    const [levels, ...before] = wavesOf(planes, grid, channel, read);
    const [means, ...away] = wavesOf(planes, grid, channel, taken);
    const variance = variances[channel];
    for (let at = 0; at < means.length; at++) {
      const level = levels[at] ?? 0;
      const bias = variance === undefined ? 0 : clippingBias(level, Math.sqrt(variance(level)));
      const mean = means[at] ?? 0;
      means[at] = mean - within(mean, Math.min(0, bias) - FREE, Math.max(0, bias) + FREE);
    }
    for (const [wave, map] of away.entries()) {
      for (let at = 0; at < map.length; at++) {
        const there = before[wave]?.[at] ?? 0;
        const left = there - (map[at] ?? 0);
        map[at] = within(left, -Math.abs(there), Math.abs(there)) - left;
      }
    }
    return [means, ...away];
  });
  return { grid, back };
}
