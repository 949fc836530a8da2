import type { Planes } from '../../pixels/index.js';
import { RevelaError } from '../../errors.js';
import { checked } from '../../options/plain.js';
import { type PsnrOptions, psnrOptions } from '../arithmetic-options.js';
import { channelOnBits, checkSameSize, measuredBits } from '../eight-bit.js';

/**
 * Peak signal-to-noise ratio in decibels, over all values of all channels together:
 *
 *     PSNR = 10 · log10(peak² / mean((a − b)²))
 *
 * with a peak of 255 after rounding to 8 bits (or to 16, where both pictures have them, brought to 255), of 1 without. Equal pictures have `Infinity`. For a set of pictures the
 * papers give the mean of the pictures' PSNR, not the PSNR of their mean error.
 *
 * @param a `[channels, height, width]` in [0, 1], a `Picture` for one; values outside are clamped by the rounding
 * @param b likewise, of the same size
 * @throws RevelaError if the sizes differ, or a value is not a number; OptionError for an option that cannot be
 *
 * @example
 * psnr(await readPicture('denoised.png'), await readPicture('clean.png')); // 37.5
 */
export function psnr(a: Planes, b: Planes, options: PsnrOptions = {}): number {
  const { eightBit } = checked('psnr', psnrOptions, options);
  checkSameSize('PSNR', a, b);
  const peak = eightBit === false ? 1 : 255;
  const values = a.channels * a.height * a.width;
  const bits = eightBit === true ? 8 : measuredBits(a, b);
  const error = eightBit === false ? squaredError(a.data, b.data) : roundedError(a, b, bits);
  if (Number.isNaN(error))
    throw new RevelaError(
      'PSNR compares pictures of numbers, and one holds a value that is not; check the weights that it was made with',
    );
  return 10 * Math.log10(peak ** 2 / (error / values));
}

function roundedError(a: Planes, b: Planes, bits: 8 | 16): number {
  let sum = 0;
  for (let channel = 0; channel < a.channels; channel++) {
    sum += squaredError(channelOnBits(a, channel, bits), channelOnBits(b, channel, bits));
  }
  return sum;
}

type Samples = Float32Array | Float64Array | Uint8ClampedArray;

function squaredError(a: Samples, b: Samples): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] ?? 0) - (b[i] ?? 0)) ** 2;
  return sum;
}
