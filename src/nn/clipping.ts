import type { Tensor, TensorRecord } from '../tensor/index.js';
import { concat, multiply, reshape, sqrt, sum } from '../tensor/index.js';

/** √Σ g² over all gradients: the norm that clipping compares with its limit. */
export function globalNorm(gradients: TensorRecord): Tensor {
  const squares = Object.values(gradients).map((gradient) =>
    reshape(sum(multiply(gradient, gradient), { keepAxes: true }), [1]),
  );
  if (squares.length === 0) throw new RangeError('globalNorm: there are no gradients');
  return sqrt(sum(concat(squares, 0)));
}

/** The factor that brings gradients of this norm to at most `limit`. */
export function clippingFactor(norm: number, limit: number): number {
  return norm > limit ? limit / norm : 1;
}
