import { type PictureValues, type PlanesSize, rowOf } from '../../pixels/index.js';
import { type CellGrid, cellsOf, pixelsAlong, smoothCells } from './cells.js';
import { clippingBias } from './clipping-bias.js';
import type { NoiseVariance } from './detail-weights.js';
import { NEAR } from './residual-cells.js';
import type { ToneBias } from './tone-bias.js';

/** The side of the cells whose means are held; they are smoothed to about four times as much. */
const SIDE = 8;
const SMOOTH: readonly number[] = [1, 4, 6, 4, 1];

/** By how much a mean may move, of values in `[0, 1]`: less than one step of 8 bits. */
const FREE = 0.7 / 255;

/** And by so much of the noise's deviation: noise has a mean of its own over a cell and those around it. */
const OWN_MEAN = 0.08;

/** Shares of black between which the tone curve's bias is no longer undone. */
const SOME_BLACK = 0.2;
const MOST_BLACK = 0.4;

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

/** Makes means of the sums of cells. */
function becomeMeans(sums: Float32Array, grid: CellGrid): void {
  const { columns, rows, width, height } = grid;
  const [across, down] = [pixelsAlong(columns, SIDE, width), pixelsAlong(rows, SIDE, height)];
  for (let at = 0; at < sums.length; at++)
    sums[at] = (sums[at] ?? 0) / ((across[at % columns] ?? 1) * (down[Math.floor(at / columns)] ?? 1));
}

/** How much there is of each of {@link WAVES} in a channel, cell by cell; all but the mean are smoothed. */
function wavesOf(
  planes: PlanesSize,
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
  for (const sums of [mean, vertical, horizontal, both]) becomeMeans(sums, grid);
  for (const wave of [vertical, horizontal, both]) smoothCells(wave, grid, SMOOTH);
  return [mean, vertical, horizontal, both];
}

/** The shares of a channel's samples that are black, and white, cell by cell, smoothed. */
function clippedShares(
  planes: PlanesSize,
  grid: CellGrid,
  channel: number,
  read: ReadRow,
): readonly [Float32Array, Float32Array] {
  const { width, height } = planes;
  const { columns, rows } = grid;
  const row = new Float32Array(width);
  const [black, white] = [new Float32Array(columns * rows), new Float32Array(columns * rows)];
  for (let y = 0; y < height; y++) {
    read(channel, y, row);
    const line = Math.floor(y / SIDE) * columns;
    for (let x = 0; x < width; x++) {
      const value = row[x] ?? 0;
      if (value >= NEAR && value <= 1 - NEAR) continue;
      const at = line + Math.floor(x / SIDE);
      const map = value < NEAR ? black : white;
      map[at] = (map[at] ?? 0) + 1;
    }
  }
  for (const map of [black, white]) {
    becomeMeans(map, grid);
    smoothCells(map, grid, SMOOTH);
  }
  return [black, white];
}

const within = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

/** Rounds after which what is left of an excess is less than can be seen. */
const ROUNDS = 12;

/** What must be taken from the means of cells so that, smoothed, they lie within bounds. */
function excess(means: Float32Array, least: Float32Array, most: Float32Array, grid: CellGrid): Float32Array {
  const result = new Float32Array(means.length);
  const left = new Float32Array(means.length);
  for (let round = 0; round < ROUNDS; round++) {
    for (let at = 0; at < left.length; at++) left[at] = (means[at] ?? 0) - (result[at] ?? 0);
    smoothCells(left, grid, SMOOTH);
    for (let at = 0; at < left.length; at++) {
      const mean = left[at] ?? 0;
      result[at] = (result[at] ?? 0) + mean - within(mean, least[at] ?? 0, most[at] ?? 0);
    }
  }
  return result;
}

/**
 * Finds what a network changed that is no noise whatever it says: slow changes of colour and brightness, which are casts,
 * and slow changes of a wave of two pixels, which are a mesh.
 *
 * Means are free to move by 0.7 of 255 around where the noise has not moved them: the tone curve's part of that is undone, and
 * where noise is cut off at black or white, as far as that has moved them it may be. There may be less of a mesh than in the
 * noisy picture, but not more.
 *
 * @param taken what was taken away
 * @param variances of the noise, for each channel; without them there is no such bias
 * @param biases by how much the tone curve moved the means of each channel; left out, by nothing
 */
export function heldMeans(
  noisy: PictureValues,
  planes: PlanesSize,
  taken: ReadRow,
  variances: readonly NoiseVariance[],
  biases: readonly ToneBias[] = [],
): HeldMeans {
  const { channels } = planes;
  const grid = cellsOf(planes, SIDE);
  const read: ReadRow = (channel, y, row) => {
    row.set(rowOf(noisy, planes, channel, y, row));
  };
  const back = Array.from({ length: channels }, (_, channel) => {
    const [levels, ...before] = wavesOf(planes, grid, channel, read);
    const [means, ...away] = wavesOf(planes, grid, channel, taken);
    const variance = variances[channel];
    const [black, white] = variance === undefined ? [] : clippedShares(planes, grid, channel, read);
    smoothCells(levels, grid, SMOOTH);
    const [most, least] = [levels.map(() => FREE), levels.map(() => -FREE)];
    for (let at = 0; variance !== undefined && at < levels.length; at++) {
      const level = levels[at] ?? 0;
      const deviation = Math.sqrt(variance(level));
      const free = Math.max(FREE, OWN_MEAN * deviation);
      // Where much of the noise is cut off at black, that has made up for what the tone curve did.
      const seen = within((MOST_BLACK - (black?.[at] ?? 0)) / (MOST_BLACK - SOME_BLACK), 0, 1);
      const bias = seen * (biases[channel]?.(level) ?? 0);
      most[at] = bias + free + clippingBias(level, black?.[at] ?? 0, deviation);
      least[at] = bias - free - clippingBias(1 - level, white?.[at] ?? 0, deviation);
    }
    for (const [wave, map] of away.entries()) {
      for (let at = 0; at < map.length; at++) {
        const there = before[wave]?.[at] ?? 0;
        const left = there - (map[at] ?? 0);
        map[at] = within(left, -Math.abs(there), Math.abs(there)) - left;
      }
    }
    return [excess(means, least, most, grid), ...away];
  });
  return { grid, back };
}
