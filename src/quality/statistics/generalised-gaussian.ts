import { gammaFunction } from './gamma-function.js';
import type { SignedMoments } from './signed-moments.js';

/** Shapes that are tried: 0.2, 0.201, … 10, as the originals do. */
const shapes = Float64Array.from({ length: 9801 }, (_, i) => 0.2 + i / 1000);
/** (E|x|)² / E[x²] of a generalised Gaussian of each shape; it grows with the shape. */
const ratios = shapes.map(
  (shape) => gammaFunction(2 / shape) ** 2 / (gammaFunction(1 / shape) * gammaFunction(3 / shape)),
);

/** A generalised Gaussian with two halves of the same shape and different widths. */
export interface AsymmetricGaussian {
  /** 2 for a normal distribution, 1 for Laplace's. */
  readonly shape: number;
  /** The root mean square of the negative numbers; not a number if there are none. */
  readonly leftDeviation: number;
  /** That of the positive ones. */
  readonly rightDeviation: number;
}

/**
 * Fits an asymmetric generalised Gaussian by its moments (Lasmar, Stitou and Berthoumieu, 2009): with γ = σl / σr and
 * r = (E|x|)² / E[x²], the shape is that of the ratio r (γ³ + 1)(γ + 1) / (γ² + 1)², to the nearest thousandth.
 *
 * Where there are no numbers of one sign, that deviation is not a number and the shape the smallest one, as in the
 * MATLAB originals.
 */
export function fitAsymmetric(moments: SignedMoments): AsymmetricGaussian {
  const leftDeviation = Math.sqrt(moments.negativeSquares / moments.negatives);
  const rightDeviation = Math.sqrt(moments.positiveSquares / moments.positives);
  const asymmetry = leftDeviation / rightDeviation;
  const meanSquare = (moments.negativeSquares + moments.positiveSquares) / moments.count;
  const ratio = (moments.absolute / moments.count) ** 2 / meanSquare;
  const symmetric = (ratio * (asymmetry ** 3 + 1) * (asymmetry + 1)) / (asymmetry ** 2 + 1) ** 2;
  const shape = shapes[nearest(symmetric, (candidate) => Math.abs(candidate - symmetric))] ?? 0;
  return { shape, leftDeviation, rightDeviation };
}

/**
 * Fits a symmetric one by its moments (Sharifi and Leon-Garcia, 1995): the shape whose E[x²] / (E|x|)² is nearest.
 *
 * @returns the shape and the mean square
 */
export function fitSymmetric(moments: SignedMoments): { readonly shape: number; readonly variance: number } {
  const variance = (moments.negativeSquares + moments.positiveSquares) / moments.count;
  const inverse = variance / (moments.absolute / moments.count) ** 2;
  const index = nearest(1 / inverse, (candidate) => Math.abs(1 / candidate - inverse));
  return { shape: shapes[index] ?? 0, variance };
}

/** What a deviation is multiplied by to give the parameter β of a generalised Gaussian of this shape. */
export function widthOfDeviation(shape: number): number {
  return Math.sqrt(gammaFunction(1 / shape) / gammaFunction(3 / shape));
}

/** What the difference of the widths β is multiplied by to give the mean of an asymmetric one. */
export function meanOfWidths(shape: number): number {
  return gammaFunction(2 / shape) / gammaFunction(1 / shape);
}

/** Which of the ratios is nearest by the given distance; the first one where none is. */
function nearest(ratio: number, distance: (candidate: number) => number): number {
  let [low, high] = [0, ratios.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ratios[middle] ?? 0) < ratio) low = middle + 1;
    else high = middle;
  }
  if (Number.isNaN(ratio)) return 0;
  const before = Math.max(0, low - 1);
  return distance(ratios[before] ?? 0) <= distance(ratios[low] ?? 0) ? before : low;
}
