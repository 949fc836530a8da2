import { lumaOfColour, type PictureValues, type PlanesSize, rowOf } from '../../pixels/index.js';
import { alikeRows } from './alike-rows.js';
import { expandRow } from './cells.js';
import type { DetailWeights, NoiseVariance } from './detail-weights.js';
import { givingBack } from './giving-back.js';
import { heldMeans, type ReadRow } from './held-means.js';
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

const none = new Float32Array();

/** Writes the differences of two rows into a third, which may be one of them. */
function subtract(row: Float32Array, less: Float32Array, to: Float32Array): void {
  for (let x = 0; x < to.length; x++) to[x] = (row[x] ?? 0) - (less[x] ?? 0);
}

function scale(row: Float32Array, factors: Float32Array): void {
  for (let x = 0; x < row.length; x++) row[x] = (row[x] ?? 0) * (factors[x] ?? 1);
}

function writeLuma(red: Float32Array, green: Float32Array, blue: Float32Array, to: Float64Array): void {
  for (let x = 0; x < to.length; x++) to[x] = lumaOfColour(red[x] ?? 0, green[x] ?? 0, blue[x] ?? 0);
}

/** Writes what is left of a row where so much of what was taken away stays away: of its brightness, and of its colour. */
function keepRest(
  { before, away, grey }: Readonly<Record<'before' | 'away', Float32Array> & { grey: Float64Array }>,
  { luma, chroma }: Pick<Restraint, 'luma' | 'chroma'>,
  shares: Float32Array | undefined,
  to: Float32Array,
): void {
  for (let x = 0; x < to.length; x++) {
    const lightness = grey[x] ?? 0;
    const gone = luma * lightness + chroma * ((away[x] ?? 0) - lightness);
    const value = (before[x] ?? 0) - (shares === undefined ? 1 : (shares[x] ?? 0)) * gone;
    to[x] = value < 0 ? 0 : value > 1 ? 1 : value;
  }
}

function squaredDistance(row: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let x = 0; x < row.length; x++) {
    const difference = (row[x] ?? 0) - (other[x] ?? 0);
    sum += difference * difference;
  }
  return sum;
}

/** Writes rows into planes. */
const writtenInto =
  (data: Float32Array, { width, height }: PlanesSize): RowsTaker =>
  (y, rows) => {
    for (const [channel, row] of rows.entries()) data.set(row, (channel * height + y) * width);
  };

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
  const weight = new Float32Array(width);
  const read = Array.from({ length: channels }, () => new Float32Array(width));
  const noisyRow = (channel: number, y: number): Float32Array =>
    rowOf(noisy, planes, channel, y, read[channel] ?? weight);
  const residual: ReadRow = (channel, y, row) => {
    const first = (channel * height + y) * width;
    subtract(noisyRow(channel, y), denoised.subarray(first, first + width), row);
    if (detail === undefined) return;
    expandRow(detail.weights, detail.grid, y, weight);
    scale(row, weight);
  };
  const means = heldMeans(noisy, planes, residual, variances, biases);
  const taken = Array.from({ length: channels }, () => new Float32Array(width));
  const [red = none, green, blue] = taken;
  const grey = new Float64Array(width);
  const kept = taken.map(() => new Float32Array(width));
  let sum = 0;
  /** Leaves as much as is asked for of what is taken away. */
  const leave: RowsTaker = (y, held) => {
    const rows = held.map((_, channel) => noisyRow(channel, y));
    for (const [channel, away] of taken.entries())
      subtract(rows[channel] ?? none, held[channel] ?? none, away);
    if (green === undefined || blue === undefined) grey.set(red);
    else writeLuma(red, green, blue, grey);
    const shares = mask?.subarray(y * width, (y + 1) * width);
    for (const [channel, away] of taken.entries()) {
      const to = kept[channel] ?? none;
      keepRest({ before: rows[channel] ?? none, away, grey }, { luma, chroma }, shares, to);
      sum += squaredDistance(rows[channel] ?? none, to);
    }
    take(y, kept);
  };
  const onwards = alike === 0 ? leave : alikeRows(planes, alike, leave);
  const held = taken.map(() => new Float32Array(width));
  const giveBack = givingBack(means);
  for (let y = 0; y < height; y++) {
    for (const [channel, row] of held.entries()) {
      residual(channel, y, row);
      giveBack(channel, y, row);
      subtract(noisyRow(channel, y), row, row);
    }
    onwards(y, held);
  }
  return Math.sqrt(sum / Math.max(1, denoised.length));
}
