import {
  type AsymmetricGaussian,
  fitAsymmetric,
  meanOfWidths,
  widthOfDeviation,
} from './generalised-gaussian.js';
import { addProducts, addValues, noMoments } from './signed-moments.js';

/** How many numbers {@link addPatchStatistics} gives of a patch. */
export const statisticsPerPatch = 18;

/** The neighbour that each coefficient is multiplied with: to its left, above, above to the left and to the right. */
const neighbours = [
  { down: 0, right: 1 },
  { down: 1, right: 0 },
  { down: 1, right: 1 },
  { down: 1, right: -1 },
] as const;

/** Where patches are moved to: one room for all of them. */
let room = new Float64Array(0);

/**
 * The statistics of one patch of MSCN coefficients that NIQE judges by (Mittal, Soundararajan and Bovik, 2013, table I):
 * shape and mean width of the coefficients; then for their products with each of four neighbours shape, mean, left width
 * and right width. At its edges the patch goes on at its opposite edge, as in the original.
 *
 * @param patch `[height, width]`
 * @param into gets 18 numbers from `offset` on; those that cannot be told, of a flat patch, are not numbers
 */
export function addPatchStatistics(
  patch: Float64Array,
  { width, height }: { readonly width: number; readonly height: number },
  into: Float64Array,
  offset: number,
): void {
  const own = noMoments();
  addValues(own, patch);
  const { shape, left, right } = widths(fitAsymmetric(own));
  into.set([shape, (left + right) / 2], offset);
  if (room.length < patch.length) room = new Float64Array(patch.length);
  const shifted = room.subarray(0, patch.length);
  for (const [i, { down, right: across }] of neighbours.entries()) {
    rotate(patch, width, height, down, across, shifted);
    const moments = noMoments();
    addProducts(moments, patch, shifted);
    const pair = widths(fitAsymmetric(moments));
    const mean = (pair.right - pair.left) * meanOfWidths(pair.shape);
    into.set([pair.shape, mean, pair.left, pair.right], offset + 2 + 4 * i);
  }
}

/** The parameters with widths β instead of deviations. */
export function widths({ shape, leftDeviation, rightDeviation }: AsymmetricGaussian) {
  const width = widthOfDeviation(shape);
  return { shape, left: leftDeviation * width, right: rightDeviation * width };
}

/** Moves a patch down and to the right; what leaves it comes back at the other side. */
function rotate(
  patch: Float64Array,
  width: number,
  height: number,
  down: number,
  right: number,
  into: Float64Array,
): void {
  const shift = (right + width) % width;
  for (let y = 0; y < height; y++) {
    const from = ((y - down + height) % height) * width;
    into.set(patch.subarray(from, from + width - shift), y * width + shift);
    into.set(patch.subarray(from + width - shift, from + width), y * width);
  }
}
