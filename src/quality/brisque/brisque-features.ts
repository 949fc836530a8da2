import { greyOf } from '../grey.js';
import { type Plane, halve, type Planes } from '../../pixels/arithmetic.js';
import {
  fitAsymmetric,
  fitSymmetric,
  meanOfWidths,
  widthOfDeviation,
} from '../statistics/generalised-gaussian.js';
import { forEachMscnRow, type MscnWindow, sevenTaps } from '../statistics/mscn.js';
import { addProducts, addValues, noMoments, type SignedMoments } from '../statistics/signed-moments.js';

/** Products of rounding errors with coefficients are below 1e-13. */
const smallestDeviation = 1e-9;

/** Features of a picture: 18 at full and 18 at half size. */
export const brisqueFeatureCount = 36;

/**
 * BRISQUE's features (Mittal, Moorthy and Bovik, 2012, table I), as `brisque_feature.m` of its MATLAB release has them:
 * of each scale the shape and variance of the MSCN coefficients; then, of their products with the neighbours to the left,
 * above, above to the left and above to the right, shape, mean, left and right variance. Beyond the edges there is
 * black for the local means, and for the products the opposite edge.
 *
 * @param picture `[channels, height, width]` in [0, 1], rounded to 8 bits
 * @returns 36 numbers; NaN where the picture is flat
 * @throws RevelaError if a value is not a number
 */
export function brisqueFeatures(picture: Planes): Float64Array {
  const grey = greyOf(picture);
  const window = { ...sevenTaps, edges: 'zero' } as const;
  return Float64Array.of(...scaleFeatures(grey, window), ...scaleFeatures(halve(grey), window));
}

function scaleFeatures(plane: Plane, window: MscnWindow): number[] {
  const own = noMoments();
  const products = Array.from({ length: 4 }, noMoments);
  let first: Float64Array | undefined;
  let above = new Float64Array(plane.width);
  forEachMscnRow(plane, window, (coefficients) => {
    addValues(own, coefficients);
    if (first === undefined) first = coefficients.slice();
    else addRow(products, coefficients, above);
    above = coefficients.slice();
    addLeft(products, coefficients);
  });
  if (first !== undefined) addRow(products, first, above);
  const { shape, variance } = fitSymmetric(own);
  return [shape, variance, ...products.flatMap(pairFeatures)];
}

/** Products of a row with itself moved to the right. */
function addLeft([left]: readonly SignedMoments[], row: Float64Array): void {
  if (left !== undefined) addProducts(left, row, rotated(row, 1));
}

/** Products of a row with the one above it, moved by none, one to the right, one to the left. */
function addRow(
  [, straight, right, left]: readonly SignedMoments[],
  row: Float64Array,
  above: Float64Array,
): void {
  if (straight === undefined || right === undefined || left === undefined) return;
  addProducts(straight, row, above);
  addProducts(right, row, rotated(above, 1));
  addProducts(left, row, rotated(above, above.length - 1));
}

/** A row moved to the right; what leaves it comes back at its start. */
function rotated(row: Float64Array, by: number): Float64Array {
  const result = new Float64Array(row.length);
  result.set(row.subarray(0, row.length - by), by);
  result.set(row.subarray(row.length - by));
  return result;
}

function pairFeatures(moments: SignedMoments): number[] {
  const { shape, leftDeviation, rightDeviation } = fitAsymmetric(moments);
  // Rounding errors alone are no texture.
  if (Math.min(leftDeviation, rightDeviation) < smallestDeviation) return [shape, Number.NaN, 0, 0];
  const mean = (rightDeviation - leftDeviation) * meanOfWidths(shape) * widthOfDeviation(shape);
  return [shape, mean, leftDeviation ** 2, rightDeviation ** 2];
}
