import { RevelaError } from '../errors.js';
import { checkSameSize, eightBitChannel, type PlanarPicture } from './eight-bit.js';

/** Options of {@link psnr}. */
export interface PsnrOptions {
  /**
   * Whether both pictures are first rounded to 8 bits, as the denoising papers' protocol has it; default true.
   * Otherwise values are compared as they are, which keeps what pictures of 16 bits differ in.
   */
  readonly eightBit?: boolean;
}

/**
 * Peak signal-to-noise ratio in decibels, over all values of all channels together:
 *
 *     PSNR = 10 · log10(peak² / mean((a − b)²))
 *
 * with a peak of 255 after rounding to 8 bits, of 1 without. Equal pictures have `Infinity`. For a set of pictures the
 * papers give the mean of the pictures' PSNR, not the PSNR of their mean error.
 *
 * @param a `[channels, height, width]` in [0, 1], a `Picture` for one; values outside are clamped by the rounding
 * @param b likewise, of the same size
 * @throws RevelaError if the sizes differ, or a value is not a number
 *
 * @example
 * psnr(await readPicture('denoised.png'), await readPicture('clean.png')); // 37.5
 */
export function psnr(a: PlanarPicture, b: PlanarPicture, { eightBit = true }: PsnrOptions = {}): number {
  checkSameSize('PSNR', a, b);
  const peak = eightBit ? 255 : 1;
  const values = a.channels * a.height * a.width;
  const error = eightBit ? eightBitError(a, b) : squaredError(a.data, b.data);
  if (Number.isNaN(error))
    throw new RevelaError(
      'PSNR compares pictures of numbers, and one holds a value that is not; check the weights that it was made with',
    );
  return 10 * Math.log10(peak ** 2 / (error / values));
}

function eightBitError(a: PlanarPicture, b: PlanarPicture): number {
  let sum = 0;
  for (let channel = 0; channel < a.channels; channel++) {
    sum += squaredError(eightBitChannel(a, channel), eightBitChannel(b, channel));
  }
  return sum;
}

function squaredError(a: Float32Array | Uint8ClampedArray, b: Float32Array | Uint8ClampedArray): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] ?? 0) - (b[i] ?? 0)) ** 2;
  return sum;
}
