import { growTo, type Kernel, openKernel } from '../../webassembly/index.js';
import type { PlanesSize } from '../planes.js';
import { alikeRow } from './alike-row.js';

/** Places are compared with all of a window of 7². */
const SEARCH = 3;

/** Places are compared by the 3² colours around them. */
const PATCH = 1;

/** So many rows around one have a say in its means. */
export const ALIKE_COLOURS_REACH = SEARCH + PATCH;

const floatBytes = Float32Array.BYTES_PER_ELEMENT;

/** Numbers around the maps that are read and written, but mean nothing. */
const MARGIN = 16;

/** See {@link alikeRow}. One of each number of planes for a thread, made when it is first needed. */
const comparing = new Map<number, Kernel>();

/**
 * The mean colour of those places around each that are alike: non-local means (Buades, Coll and Morel, CVPR 2005) of what a denoiser made, not of
 * the noisy picture. Specks and rough edges that were left differ from place to place, edges and texture come again. Places are compared by the
 * 3² colours around them within a window of 7²; weights are e^(−d / h²), d the mean squared difference.
 *
 * @param picture `[channels, rows, width]`
 * @param distance h, in units of the picture, above 0
 * @returns a picture of the same size; its first and last {@link ALIKE_COLOURS_REACH} rows know less of what is around them
 *
 * @example
 * const calm = alikeColours(strip, { channels: 3, width: 640, height: 128 }, 3 / 255);
 */
export function alikeColours(
  picture: Float32Array,
  { channels, width, height: rows }: PlanesSize,
  distance: number,
): Float32Array {
  const area = width * rows;
  if (rows <= 2 * PATCH || width <= 2 * PATCH) return picture.slice();
  const kernel = comparing.get(channels) ?? openKernel(alikeRow(0, channels));
  comparing.set(channels, kernel);
  const { memory, run } = kernel;
  const room = area + 2 * MARGIN;
  // Values, sums, scales, counts, and a row.
  const [sumsAt, scalesAt, countsAt, rowAt] = [channels, 2 * channels, 2 * channels + 1, 2 * channels + 2];
  growTo(memory, (rowAt * room + width + MARGIN) * floatBytes);
  const part = (number: number): Float32Array =>
    new Float32Array(memory.buffer, number * room * floatBytes, room);
  const [scales, counts] = [part(scalesAt), part(countsAt)];
  const compared = channels * (2 * PATCH + 1) ** 2;
  scales.fill(1 / (compared * distance ** 2));
  counts.fill(1);
  for (let plane = 0; plane < channels; plane++) {
    const [values, sums] = [part(plane), part(sumsAt + plane)];
    // What was there before may be no number.
    values.fill(0);
    values.set(picture.subarray(plane * area, (plane + 1) * area), MARGIN);
    sums.set(values);
  }
  const toNext = room * floatBytes;
  const ways = [scalesAt, countsAt, sumsAt, rowAt].map((number) => number * toNext);
  for (let down = 0; down <= SEARCH; down++)
    for (let across = down === 0 ? 1 : -SEARCH; across <= SEARCH; across++) {
      const [left, right] = [Math.max(0, -across), Math.min(width, width - across)];
      if (right - left <= 2 * PATCH) continue;
      const offset = (down * width + across) * floatBytes;
      for (let y = 0; y < rows - down - 2 * PATCH; y++) {
        const first = (MARGIN + y * width) * floatBytes;
        const [from, to] = [first + left * floatBytes, first + right * floatBytes];
        run(from, to, offset, width * floatBytes, ...ways, toNext);
      }
    }
  const means = new Float32Array(picture.length);
  for (let plane = 0; plane < channels; plane++) {
    const sums = part(sumsAt + plane);
    for (let i = 0; i < area; i++)
      means[plane * area + i] = (sums[MARGIN + i] ?? 0) / (counts[MARGIN + i] ?? 1);
  }
  return means;
}
