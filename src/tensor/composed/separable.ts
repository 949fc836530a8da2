import { constant, conv2d, reshape } from '../operations/index.js';
import { imageShape } from '../shape.js';
import type { Tensor } from '../tensor.js';

/**
 * Each channel under a window that is the product of a column and a row of the same weights, only where the window lies inside: a Gaussian
 * blur, a moving mean.
 *
 * @param x `[batch, channels, height, width]`, both sides at least as long as the window
 * @param weights of the window along one axis, of odd number; their sum is what a flat picture is multiplied by, each way
 * @returns `[batch, channels, height − n + 1, width − n + 1]`, n the number of weights
 *
 * @example
 * const softer = separableWindow(picture, [0.25, 0.5, 0.25]);
 */
export function separableWindow(x: Tensor, weights: ArrayLike<number>): Tensor {
  const [batch, channels, height, width] = imageShape(x, 'separableWindow');
  const values = Float32Array.from(weights);
  const { length } = values;
  const planes = channels === 1 ? x : reshape(x, [batch * channels, 1, height, width]);
  const rows = conv2d(planes, constant(values, [1, 1, 1, length]));
  const blurred = conv2d(rows, constant(values, [1, 1, length, 1]));
  return channels === 1
    ? blurred
    : reshape(blurred, [batch, channels, height - length + 1, width - length + 1]);
}
