import { growTo, type Kernel, openKernel } from '../../webassembly/index.js';
import { lumaOfColour } from '../luma.js';
import type { PlanesSize } from '../planes.js';
import { reflectPad } from '../reflect.js';
import { alikeRow } from './alike-row.js';
import { boxMeans } from './box-means.js';
import { compareAlike, MARGIN, PATCH } from './compare-alike.js';

/** Places are compared with all of a window of 7². */
const WINDOW = { reach: 3, step: 1 } as const;

/** Contrast is the deviation of brightness in a window of 5². */
const LOOKED_AT = 2;

/** So many rows around one have a say in its means. */
export const ALIKE_COLOURS_REACH = WINDOW.reach + Math.max(PATCH, LOOKED_AT);

/**
 * Beside edges more is left of noise and less is seen of what is taken away: up to the first contrast all is as it was asked for, and from the second
 * on so many times as far.
 */
const CONTRAST = [8 / 255, 20 / 255] as const;
const TIMES = 2.5;

/** Colours go so much of the way to their mean where there is little contrast, and all of it where there is much: all would make soft textures look painted. */
const SHARE = 0.75;

const floatBytes = Float32Array.BYTES_PER_ELEMENT;

/** See {@link alikeRow}. One of each number of planes for a thread, made when it is first needed. */
const comparing = new Map<number, Kernel>();

/**
 * Brings each colour nearer to the mean of those around it that are alike: non-local means (Buades, Coll and Morel, CVPR 2005) of what a denoiser
 * made, not of the noisy picture. Specks and rough edges that were left differ from place to place, edges and texture come again. Places are compared by the
 * 3² colours around them within a window of 7²; weights are e^(−d / h²), d the mean squared difference. *That h is larger where there is contrast
 * is this program's own.*
 *
 * @param picture `[channels, height, width]`
 * @param distance h where there is little contrast, in units of the picture, above 0
 * @returns a picture of the same size; its first and last {@link ALIKE_COLOURS_REACH} rows know less of what is around them
 *
 * @example
 * const calm = alikeColours(strip, { channels: 3, width: 640, height: 128 }, 3 / 255);
 */
export function alikeColours(picture: Float32Array, planes: PlanesSize, distance: number): Float32Array {
  const { channels } = planes;
  if (Math.min(planes.width, planes.height) <= 2 * PATCH) return picture.slice();
  // Mirrored around, so that places at the edge can be compared, too.
  const [width, rows] = [planes.width + 2 * PATCH, planes.height + 2 * PATCH];
  const area = width * rows;
  const sides = { top: PATCH, right: PATCH, bottom: PATCH, left: PATCH };
  const padded = reflectPad(picture, channels, planes.height, planes.width, sides);
  const values = Array.from({ length: channels }, (_, i) => padded.subarray(i * area, (i + 1) * area));
  const contrast = contrastOf(values, width);

  const kernel = comparing.get(channels) ?? openKernel(alikeRow(0, channels));
  comparing.set(channels, kernel);
  const { memory } = kernel;
  const room = area + 2 * MARGIN;
  // Values, sums, scales, counts, and a row.
  const parts = { sums: channels, scales: 2 * channels, counts: 2 * channels + 1, row: 2 * channels + 2 };
  growTo(memory, (parts.row * room + width + MARGIN) * floatBytes);
  const part = (number: number): Float32Array =>
    new Float32Array(memory.buffer, number * room * floatBytes, room);
  const [scales, counts] = [part(parts.scales), part(parts.counts)];
  const compared = channels * (2 * PATCH + 1) ** 2;
  // What was there before may be no number.
  scales.fill(0);
  writeScales(contrast, distance, compared, scales.subarray(MARGIN));
  counts.fill(1);
  for (const [plane, map] of values.entries()) {
    const [own, sums] = [part(plane), part(parts.sums + plane)];
    own.fill(0);
    own.set(map, MARGIN);
    sums.set(own);
  }
  compareAlike(kernel, { width, rows, room }, WINDOW, parts);
  const result = new Float32Array(picture.length);
  for (const [plane, map] of values.entries()) {
    const sums = part(parts.sums + plane);
    for (let y = 0; y < planes.height; y++) {
      const [from, to] = [(y + PATCH) * width + PATCH, (plane * planes.height + y) * planes.width];
      const own = (row: Float32Array, first: number): Float32Array =>
        row.subarray(first, first + planes.width);
      goToMeans(
        { values: own(map, from), contrast: own(contrast, from) },
        { sums: own(sums, MARGIN + from), counts: own(counts, MARGIN + from) },
        own(result, to),
      );
    }
  }
  return result;
}

/** Brings the values of a row as far to their means as contrast says. */
function goToMeans(
  { values, contrast }: Readonly<Record<'values' | 'contrast', Float32Array>>,
  { sums, counts }: Readonly<Record<'sums' | 'counts', Float32Array>>,
  to: Float32Array,
): void {
  for (let x = 0; x < to.length; x++) {
    const value = values[x] ?? 0;
    const share = SHARE + (1 - SHARE) * (contrast[x] ?? 0);
    to[x] = value + share * ((sums[x] ?? 0) / (counts[x] ?? 1) - value);
  }
}

/** Writes what squared differences are multiplied by: less where there is contrast. */
function writeScales(contrast: Float32Array, distance: number, compared: number, to: Float32Array): void {
  for (let i = 0; i < contrast.length; i++) {
    const far = distance * (1 + (TIMES - 1) * (contrast[i] ?? 0));
    to[i] = 1 / (compared * far * far);
  }
}

/** How far the contrast around each place is on the way between the two of {@link CONTRAST}, 0 to 1. */
function contrastOf(
  [red = new Float32Array(), green, blue]: readonly Float32Array[],
  width: number,
): Float32Array {
  const [luma, squares] = [new Float32Array(red.length), new Float32Array(red.length)];
  for (let i = 0; i < luma.length; i++) {
    const first = red[i] ?? 0;
    const value =
      green === undefined || blue === undefined ? first : lumaOfColour(first, green[i] ?? 0, blue[i] ?? 0);
    luma[i] = value;
    squares[i] = value * value;
  }
  const means = boxMeans(luma, width, LOOKED_AT);
  const meanSquares = boxMeans(squares, width, LOOKED_AT);
  const [from, to] = CONTRAST;
  for (let i = 0; i < means.length; i++) {
    const mean = means[i] ?? 0;
    const deviation = Math.sqrt(Math.max(0, (meanSquares[i] ?? 0) - mean * mean));
    means[i] = Math.min(1, Math.max(0, (deviation - from) / (to - from)));
  }
  return means;
}
