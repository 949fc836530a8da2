import { lumaOfColour, type PictureValues, type PlanesSize, rowOf } from '../../pixels/index.js';
import { alikeRows } from './alike-rows.js';
import { expandRow } from './cells.js';
import type { DetailWeights, NoiseVariance } from './detail-weights.js';
import { heldMeans, type ReadRow, WAVES } from './held-means.js';
import type { ToneBias } from './tone-bias.js';

/** How much of what a network takes away stays away. */
export interface Restraint {
  /** Where detail is given back. */
  readonly detail?: DetailWeights;
  /** The variance of the noise, for each channel: how far black and white may have moved the means. */
  readonly variances?: readonly NoiseVariance[];
  /** By how much noise and tone curve moved the means, for each channel; left out, by nothing. */
  readonly biases?: readonly ToneBias[];
  /** How far two colours of the result may differ and still be averaged, in its units; default 0: none are. See {@link alikeRows}. */
  readonly alike?: number;
  /** How much of it stays away, 0 to 1: of the brightness, and of the colour. */
  readonly luma: number;
  readonly chroma: number;
  /** Scales both for each pixel: `[height, width]`, `[0, 1]`. */
  readonly mask?: Float32Array;
}

/** Takes the rows of a result, from top to bottom, one for each channel; they are to be read at once. */
export type RowsTaker = (y: number, rows: readonly Float32Array[]) => void;

/** Writes rows into planes. */
const writtenInto =
  (data: Float32Array, { width, height }: PlanesSize): RowsTaker =>
  (y, rows) => {
    for (const [channel, row] of rows.entries()) data.set(row, (channel * height + y) * width);
  };

const clamped = (value: number): number => Math.min(1, Math.max(0, value));

/**
 * Makes a denoised picture safe to keep: detail, colours and means stay those of the noisy picture, and no mesh
 * of two pixels comes in, whatever the network says; and less than everything is taken away where that is asked for.
 *
 * @param noisy `[channels, height, width]`, `[0, 1]`
 * @param denoised of the same size
 * @param take is given the result; default: `denoised` is written over
 * @returns how much was taken away: the root of the mean square, of values in `[0, 1]`
 *
 * @example
 * restrain(picture.data, denoised, picture, { luma: 1, chroma: 0.5 });
 */
export function restrain(
  noisy: PictureValues,
  denoised: Float32Array,
  planes: PlanesSize,
  { detail, variances = [], biases = [], alike = 0, luma, chroma, mask }: Restraint,
  take: RowsTaker = writtenInto(denoised, planes),
): number {
  const { channels, width, height } = planes;
  const weight = new Float32Array(width).fill(1);
  const read = Array.from({ length: channels }, () => new Float32Array(width));
  const noisyRow = (channel: number, y: number): Float32Array =>
    rowOf(noisy, planes, channel, y, read[channel] ?? weight);
  const residual: ReadRow = (channel, y, row) => {
    const before = noisyRow(channel, y);
    const first = (channel * height + y) * width;
    if (detail !== undefined) expandRow(detail.weights, detail.grid, y, weight);
    for (let x = 0; x < width; x++)
      row[x] = (weight[x] ?? 1) * ((before[x] ?? 0) - (denoised[first + x] ?? 0));
  };
  const { grid, back } = heldMeans(noisy, planes, residual, variances, biases);
  const taken = Array.from({ length: channels }, () => new Float32Array(width));
  const [red, green, blue] = taken;
  const kept = taken.map(() => new Float32Array(width));
  let sum = 0;
  /** Leaves as much as is asked for of what is taken away. */
  const leave: RowsTaker = (y, held) => {
    const rows = held.map((_, channel) => noisyRow(channel, y));
    for (const [channel, row] of held.entries()) {
      const [before, away] = [rows[channel], taken[channel]];
      for (let x = 0; x < width; x++) if (away !== undefined) away[x] = (before?.[x] ?? 0) - (row[x] ?? 0);
    }
    for (let x = 0; x < width; x++) {
      const share = mask === undefined ? 1 : (mask[y * width + x] ?? 0);
      const grey =
        green === undefined || blue === undefined
          ? (red?.[x] ?? 0)
          : lumaOfColour(red?.[x] ?? 0, green[x] ?? 0, blue[x] ?? 0);
      for (const [channel, row] of taken.entries()) {
        const before = rows[channel]?.[x] ?? 0;
        const after = clamped(before - share * (luma * grey + chroma * ((row[x] ?? 0) - grey)));
        const to = kept[channel];
        if (to !== undefined) to[x] = after;
        sum += (before - after) ** 2;
      }
    }
    take(y, kept);
  };
  const onwards = alike === 0 ? leave : alikeRows(planes, alike, leave);
  const held = taken.map(() => new Float32Array(width));
  const wave = new Float32Array(width);
  for (let y = 0; y < height; y++) {
    for (const [channel, row] of held.entries()) {
      residual(channel, y, row);
      for (const [number, [across, down]] of WAVES.entries()) {
        const map = back[channel]?.[number];
        if (map === undefined) continue;
        expandRow(map, grid, y, wave);
        const even = y % 2 === 0 ? 1 : down;
        const odd = even * across;
        for (let x = 0; x < width; x++) row[x] = (row[x] ?? 0) - (wave[x] ?? 0) * (x % 2 === 0 ? even : odd);
      }
      const before = noisyRow(channel, y);
      for (let x = 0; x < width; x++) row[x] = (before[x] ?? 0) - (row[x] ?? 0);
    }
    onwards(y, held);
  }
  return Math.sqrt(sum / Math.max(1, denoised.length));
}
