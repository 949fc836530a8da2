import type { Tensor, TensorRecord } from '../tensor/index.js';
import { add, multiply, sqrt, sum } from '../tensor/index.js';

/** √Σ g² over all gradients: the norm that clipping compares with its limit. */
export function globalNorm(gradients: TensorRecord): Tensor {
  const squares = Object.values(gradients).map((gradient) => sum(multiply(gradient, gradient)));
  const [first, ...rest] = squares;
  if (first === undefined) throw new RangeError('globalNorm: there are no gradients');
  return sqrt(rest.reduce((total, square) => add(total, square), first));
}

/** The factor that brings gradients of this norm to at most `limit`. */
export function clippingFactor(norm: number, limit: number): number {
  return norm > limit ? limit / norm : 1;
}
