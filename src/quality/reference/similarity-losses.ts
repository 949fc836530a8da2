import {
  type Tensor,
  add,
  avgPool2d,
  concat,
  divide,
  formatShape,
  imageShape,
  log,
  maximum,
  mean,
  multiply,
  padReplicate,
  power,
  reshape,
  sameShape,
  separableWindow,
  slice,
  square,
  subtract,
} from '../../tensor/index.js';
import { MS_SSIM_LEAST_SIDE, msSsimWeights } from './ms-ssim.js';
import { gaussianWindow } from './windowed-similarity.js';

/** (K · 1)², K = 0.01 and 0.03: values lie in [0, 1] here. */
const c1 = 0.01 ** 2;
const c2 = 0.03 ** 2;

/** Means over the positions, `[pictures, channels]`. */
interface MeanSimilarity {
  readonly whole: Tensor;
  readonly structure: Tensor;
}

function meanSimilarity(x: Tensor, y: Tensor): MeanSimilarity {
  const [batch, channels, height, width] = imageShape(x, 'ssimLoss');
  const images = batch * channels;
  // Variances do not change with a shift, and squares of small numbers round less.
  const planes = (picture: Tensor): Tensor => subtract(reshape(picture, [images, 1, height, width]), 0.5);
  const [p, q] = [planes(x), planes(y)];
  const products = concat([p, q, square(p), square(q), multiply(p, q)], 0);
  const moments = separableWindow(products, gaussianWindow.weights);
  const moment = (i: number): Tensor => slice(moments, { axis: 0, start: i * images, length: images });
  const [meanP, meanQ] = [moment(0), moment(1)];
  const [meanX, meanY] = [add(meanP, 0.5), add(meanQ, 0.5)];
  const variances = subtract(add(moment(2), moment(3)), add(square(meanP), square(meanQ)));
  const covariance = subtract(moment(4), multiply(meanP, meanQ));
  const luminance = divide(
    add(multiply(multiply(meanX, meanY), 2), c1),
    add(add(square(meanX), square(meanY)), c1),
  );
  const structure = divide(add(multiply(covariance, 2), c2), add(variances, c2));
  const averaged = (map: Tensor): Tensor => reshape(mean(map, { axes: [1, 2, 3] }), [batch, channels]);
  return { whole: averaged(multiply(luminance, structure)), structure: averaged(structure) };
}

function checkPair(loss: string, x: Tensor, y: Tensor, least: number): void {
  const [, , height, width] = imageShape(x, loss);
  if (!sameShape(x.shape, y.shape))
    throw new RangeError(
      `${loss}: ${formatShape(x.shape)} and ${formatShape(y.shape)} are not of the same size`,
    );
  if (Math.min(height, width) < least)
    throw new RangeError(`${loss}: pictures need at least ${least}×${least} pixels, got ${height}×${width}`);
}

/**
 * 1 − SSIM as a loss: {@link ssim} without its rounding to 8 bits, the mean over positions, channels and pictures. 0 for
 * equal pictures.
 *
 * @param x and y pictures in [0, 1] (what lies outside is not clamped), `[batch, channels, height, width]`, at least 11 × 11
 *
 * @example
 * const loss = add(multiply(l1Loss(output, target), 0.16), multiply(ssimLoss(output, target), 0.84));
 */
export function ssimLoss(x: Tensor, y: Tensor): Tensor {
  checkPair('ssimLoss', x, y, gaussianWindow.weights.length);
  return subtract(1, mean(meanSimilarity(x, y).whole));
}

/** The least factor that is raised to a power: at 0 a power below 1 has no derivative. */
const LEAST_FACTOR = 1e-6;

/** Half as large: the mean of 2×2 pixels, an odd last row or column repeated. */
function halved(x: Tensor): Tensor {
  const [, , height, width] = imageShape(x, 'msSsimLoss');
  return avgPool2d(padReplicate(x, { bottom: height % 2, right: width % 2 }), 2);
}

/**
 * 1 − MS-SSIM as a loss: {@link msSsim} without its rounding to 8 bits, the mean over channels and pictures. 0 for equal
 * pictures.
 *
 * @param x and y pictures in [0, 1] (what lies outside is not clamped), `[batch, channels, height, width]`, at least 161 × 161
 *
 * @example
 * const loss = add(multiply(l1Loss(output, target), 0.16), multiply(msSsimLoss(output, target), 0.84));
 */
export function msSsimLoss(x: Tensor, y: Tensor): Tensor {
  checkPair('msSsimLoss', x, y, MS_SSIM_LEAST_SIDE);
  let [a, b] = [x, y];
  let product: Tensor | undefined;
  for (const [scale, weight] of msSsimWeights.entries()) {
    if (scale > 0) [a, b] = [halved(a), halved(b)];
    const { whole, structure } = meanSimilarity(a, b);
    const factor = scale === msSsimWeights.length - 1 ? whole : structure;
    const term = power(maximum(factor, LEAST_FACTOR), weight);
    product = product === undefined ? term : multiply(product, term);
  }
  return subtract(1, mean(product ?? x));
}

/** Added to the mean squared error, so that equal pictures have a loss: −80 dB. */
const LEAST_ERROR = 1e-8;

/**
 * −PSNR as a loss, in decibels: 10 · log10(mean((x − y)²) + 10⁻⁸) of every picture, the mean over the pictures.
 *
 * @param x and y in [0, 1], `[batch, channels, height, width]`
 *
 * @example
 * const loss = psnrLoss(output, target);
 */
export function psnrLoss(x: Tensor, y: Tensor): Tensor {
  checkPair('psnrLoss', x, y, 1);
  const errors = mean(square(subtract(x, y)), { axes: x.shape.map((_, axis) => axis).slice(1) });
  return multiply(mean(log(add(errors, LEAST_ERROR))), 10 / Math.LN10);
}
