import { bt601, gaussian } from '../pixels/index.js';
import {
  add,
  concat,
  constant,
  conv2d,
  formatShape,
  imageShape,
  l1Loss,
  sameShape,
  separableWindow,
  slice,
  sqrt,
  square,
  subtract,
  type Tensor,
  total,
} from '../tensor/index.js';

/** From finer to coarser: what the second blurring takes away, and what the third does. */
const BANDS = 2;
/** Below about half of 1/255 detail is not told from none; it also keeps the root's slope finite. */
const LEAST_ENERGY = (0.5 / 255) ** 2;

/** The window by which detail is split from what is coarser, and its energy averaged: that of SSIM. */
const window = 11;
const weights = gaussian(window, 1.5);
const blurred = (x: Tensor): Tensor => separableWindow(x, weights);
/** Each blurring takes a window, and the averaging at last. */
const LEAST_SIDE = (BANDS + 2) * (window - 1) + 1;

/**
 * How much finer detail two pictures have at each place, apart from where exactly each line of it lies: the mean over positions and bands
 * of |√E(x) − √E(y)|, E the energy of a band of the luma, averaged by SSIM's Gaussian window.
 *
 * A mean absolute error alone makes a network's detail weaker than it should be wherever its place is uncertain. What this loss adds
 * raises the contrast of the detail that there is: its slope follows the detail itself, so that it draws nothing into areas that are flat.
 * *This program's own.*
 *
 * @param x and y pictures, RGB in [0, 1] (what lies outside is not clamped), `[batch, 3, height, width]`, at least 41 × 41
 * @throws RangeError for pictures of two sizes, or smaller ones
 *
 * @example
 * const loss = add(l1Loss(output, target), detailLoss(output, target));
 */
export function detailLoss(x: Tensor, y: Tensor): Tensor {
  const [batch, channels, height, width] = imageShape(x, 'detailLoss');
  if (!sameShape(x.shape, y.shape))
    throw new RangeError(
      `detailLoss: ${formatShape(x.shape)} and ${formatShape(y.shape)} are not of one size`,
    );
  if (channels !== 3 || Math.min(height, width) < LEAST_SIDE)
    throw new RangeError(
      `detailLoss: pictures need 3 channels and at least ${LEAST_SIDE}×${LEAST_SIDE} pixels, got ${formatShape(x.shape)}`,
    );
  let [left, terms] = [blurred(luma(concat([x, y], 0))), [] as readonly Tensor[]];
  for (let band = 0; band < BANDS; band++) {
    const softer = blurred(left);
    const energy = blurred(square(subtract(within(left, softer), softer)));
    const contrast = sqrt(add(energy, LEAST_ENERGY));
    const of = (start: number): Tensor => slice(contrast, { axis: 0, start, length: batch });
    terms = [...terms, l1Loss(of(0), of(batch))];
    left = softer;
  }
  return total(terms);
}

const luma = (rgb: Tensor): Tensor =>
  conv2d(rgb, constant(Float32Array.of(bt601.red, bt601.green, bt601.blue), [1, 3, 1, 1]));

/** The middle of `x`, as large as `small`. */
function within(x: Tensor, small: Tensor): Tensor {
  const [, , height, width] = imageShape(small, 'detailLoss');
  const start = (window - 1) / 2;
  return slice(x, { axis: 2, start, length: height }, { axis: 3, start, length: width });
}
