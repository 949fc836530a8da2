import { growTo, type Kernel, openKernel } from '../../webassembly/index.js';
import { alikeRow } from './alike-row.js';
import { boxMeans } from './box-means.js';
import { compareAlike, MARGIN, PATCH } from './compare-alike.js';

/** Places are compared with those of a window of 13², every second of them: what lies between is much the same. */
const WINDOW = { reach: 6, step: 2 } as const;

/** The variance is looked up by the mean of 5². */
const LOOKED_UP = 2;

/** So many rows around one have a say in its means. */
export const ALIKE_REACH = WINDOW.reach + Math.max(PATCH, LOOKED_UP);

/** How far two places may differ beyond what chance alone makes: weights fall by e with so many times its variance. */
const SOFTNESS = 8;

/** Where there is no variance, nothing but what is the same is alike. */
const LEAST_VARIANCE = 1e-10;

const floatBytes = Float32Array.BYTES_PER_ELEMENT;

/** See {@link alikeRow}. One for a thread, made when it is first needed. */
let comparing: Kernel | undefined;

/**
 * The mean of those places around each that are alike: non-local means (Buades, Coll and Morel, CVPR 2005), which takes away what is random and
 * keeps what comes again. Places are compared by the 3² numbers around them within a window of 13², and what they differ by with twice the
 * variance of what is random, as they recommend. *Window, and how weights fall, are this program's own.*
 *
 * @param map rows of `width` numbers, such as brightness in `[0, 1]`
 * @param varianceOf the variance of what is random where the map has a value
 * @returns a map of the same size; its first and last {@link ALIKE_REACH} rows know less of what is around them
 *
 * @example
 * const calm = alikeMeans(luma, 640, () => (2 / 255) ** 2);
 */
export function alikeMeans(
  map: Float32Array,
  width: number,
  varianceOf: (value: number) => number,
): Float32Array {
  const rows = width === 0 ? 0 : map.length / width;
  if (rows <= 2 * PATCH || width <= 2 * PATCH) return map.slice();
  comparing ??= openKernel(alikeRow(2 / SOFTNESS));
  const { memory } = comparing;
  const room = map.length + 2 * MARGIN;
  growTo(memory, (4 * room + width + MARGIN) * floatBytes);
  const part = (number: number): Float32Array =>
    new Float32Array(memory.buffer, number * room * floatBytes, room);
  const [values, scales, counts, sums] = [part(0), part(1), part(2), part(3)];
  // What was there before may be no number.
  values.fill(0);
  scales.fill(0);
  values.set(map, MARGIN);
  scales.set(boxMeans(map, width, LOOKED_UP), MARGIN);
  // 1 / (numbers · softness · variance): what a sum of squares is multiplied by.
  const softened = (2 * PATCH + 1) ** 2 * SOFTNESS;
  for (let i = MARGIN; i < MARGIN + map.length; i++)
    scales[i] = 1 / (softened * Math.max(LEAST_VARIANCE, varianceOf(scales[i] ?? 0)));
  counts.fill(1);
  sums.set(values);
  compareAlike(comparing, { width, rows, room }, WINDOW, { scales: 1, counts: 2, sums: 3, row: 4 });
  const means = new Float32Array(map.length);
  for (let i = 0; i < means.length; i++) means[i] = (sums[MARGIN + i] ?? 0) / (counts[MARGIN + i] ?? 1);
  return means;
}
