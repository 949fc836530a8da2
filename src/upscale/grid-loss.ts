import { gaussian } from '../pixels/index.js';
import {
  absolute,
  formatShape,
  imageShape,
  mean,
  pixelUnshuffle,
  reshape,
  sameShape,
  separableWindow,
  subtract,
  type Tensor,
} from '../tensor/index.js';

/** Over so many pixels of the small picture, each way, errors are averaged by a Gaussian. */
const window = 7;
const weights = gaussian(window, 1.5);

/**
 * Errors that repeat with the grid of the small picture: of x − y, all values that lie at one place within their pixel of the small
 * picture are averaged with those around them; the mean of what is left, without its sign.
 *
 * Losses that look for detail (LPIPS, judges, {@link detailLoss}) are content with a mesh of as many pixels as the scale, which a
 * network draws most easily of all, for its last convolution makes each of these places by weights of its own. Detail in a wrong place
 * averages out and costs little here; a mesh does not, and costs as much as its height. *This program's own.*
 *
 * @param x and y pictures, `[batch, channels, height, width]`, both sides multiples of the scale and at least 7 times as long
 * @throws RangeError for pictures of two sizes, or of sides that cannot be
 *
 * @example
 * const loss = add(l1Loss(output, target), multiply(gridLoss(output, target, 4), 4));
 */
export function gridLoss(x: Tensor, y: Tensor, scale: number): Tensor {
  const [batch, channels, height, width] = imageShape(x, 'gridLoss');
  if (!sameShape(x.shape, y.shape))
    throw new RangeError(`gridLoss: ${formatShape(x.shape)} and ${formatShape(y.shape)} are not of one size`);
  const [rows, columns] = [height / scale, width / scale];
  if (!(Number.isInteger(rows) && Number.isInteger(columns) && Math.min(rows, columns) >= window))
    throw new RangeError(
      `gridLoss: sides must be multiples of ${scale} and at least ${window * scale} pixels long, got ${height}×${width}`,
    );
  const places = batch * channels * scale ** 2;
  const apart = reshape(pixelUnshuffle(subtract(x, y), scale), [places, 1, rows, columns]);
  return mean(absolute(separableWindow(apart, weights)));
}
