import { RevelaError } from '../errors.js';
import { checkSameSize, eightBitChannel, type PlanarPicture } from './eight-bit.js';

/** Width of the Gaussian window, in pixels; its standard deviation is 1.5. */
const taps = 11;
const sigma = 1.5;
const window = gaussianWindow();

/** The constants that keep the fractions apart from 0 / 0: (K · 255)², K = 0.01 and 0.03. */
const c1 = (0.01 * 255) ** 2;
const c2 = (0.03 * 255) ** 2;

/** E[a], E[b], E[a²], E[b²] and E[ab] under the window. */
const moments = 5;

/**
 * Structural similarity (Wang et al., 2004) as the denoising papers compute it: on 8-bit values, with a Gaussian window
 * of 11×11 pixels and σ = 1.5, population covariance, only where the window lies inside the picture; the mean over the
 * positions, then over the channels. At each position
 *
 *     SSIM = (2 μa μb + c1)(2 σab + c2) / ((μa² + μb² + c1)(σa² + σb² + c2))
 *
 * 1 for equal pictures. Other windows, covariances and colour spaces give other numbers: state which with each.
 *
 * @param a `[channels, height, width]` in [0, 1], a `Picture` for one; rounded to 8 bits, values outside clamped
 * @param b likewise, of the same size
 * @throws RevelaError if the sizes differ, a side is shorter than 11 pixels, or a value is not a number
 *
 * @example
 * ssim(await readPicture('denoised.png'), await readPicture('clean.png')); // 0.9
 */
export function ssim(a: PlanarPicture, b: PlanarPicture): number {
  checkSameSize('SSIM', a, b);
  if (Math.min(a.width, a.height) < taps) {
    throw new RevelaError(
      `SSIM needs pictures of at least ${taps}×${taps} pixels, these have ${a.width}×${a.height}`,
    );
  }
  let sum = 0;
  for (let channel = 0; channel < a.channels; channel++) {
    sum += channelSsim(eightBitChannel(a, channel), eightBitChannel(b, channel), a.width, a.height);
  }
  return sum / a.channels;
}

/**
 * The window is a product of a column and a row: rows are blurred as they come into a ring of 11, and every row of
 * positions is a blur of that ring. So the memory is that of 55 rows, whatever the picture.
 */
function channelSsim(a: Uint8ClampedArray, b: Uint8ClampedArray, width: number, height: number): number {
  const positions = width - taps + 1;
  const ring = Array.from({ length: taps }, () => new Float64Array(moments * positions));
  const blurred = new Float64Array(moments * positions);
  let sum = 0;
  for (let y = 0; y < height; y++) {
    const row = ring[y % taps];
    if (row === undefined) break;
    blurRow(a, b, y * width, row, positions);
    if (y < taps - 1) continue;
    blurred.fill(0);
    for (const [tap, weight] of window.entries()) {
      const from = ring[(y + 1 + tap) % taps];
      if (from === undefined) break;
      for (let i = 0; i < blurred.length; i++) blurred[i] = (blurred[i] ?? 0) + weight * (from[i] ?? 0);
    }
    sum += sumOfSimilarities(blurred, positions);
  }
  return sum / (positions * (height - taps + 1));
}

/** The moments of one row of pixels under the horizontal window: `[moments, positions]`. */
function blurRow(
  a: Uint8ClampedArray,
  b: Uint8ClampedArray,
  start: number,
  row: Float64Array,
  positions: number,
): void {
  for (let x = 0; x < positions; x++) {
    let meanA = 0;
    let meanB = 0;
    let squareA = 0;
    let squareB = 0;
    let product = 0;
    for (let tap = 0; tap < taps; tap++) {
      const weight = window[tap] ?? 0;
      const p = a[start + x + tap] ?? 0;
      const q = b[start + x + tap] ?? 0;
      meanA += weight * p;
      meanB += weight * q;
      squareA += weight * p * p;
      squareB += weight * q * q;
      product += weight * p * q;
    }
    row[x] = meanA;
    row[positions + x] = meanB;
    row[2 * positions + x] = squareA;
    row[3 * positions + x] = squareB;
    row[4 * positions + x] = product;
  }
}

function sumOfSimilarities(blurred: Float64Array, positions: number): number {
  let sum = 0;
  for (let x = 0; x < positions; x++) {
    const meanA = blurred[x] ?? 0;
    const meanB = blurred[positions + x] ?? 0;
    const varianceA = (blurred[2 * positions + x] ?? 0) - meanA * meanA;
    const varianceB = (blurred[3 * positions + x] ?? 0) - meanB * meanB;
    const covariance = (blurred[4 * positions + x] ?? 0) - meanA * meanB;
    const luminance = (2 * meanA * meanB + c1) / (meanA * meanA + meanB * meanB + c1);
    const structure = (2 * covariance + c2) / (varianceA + varianceB + c2);
    sum += luminance * structure;
  }
  return sum;
}

function gaussianWindow(): Float64Array {
  const centre = (taps - 1) / 2;
  const weights = Float64Array.from({ length: taps }, (_, i) =>
    Math.exp(-((i - centre) ** 2) / (2 * sigma ** 2)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}
