import { RevelaError } from '../errors.js';
import type { Picture } from './picture.js';

/**
 * Adding and subtracting 1.5 · 2⁵² leaves no bits for a fraction, so that the float unit rounds to the nearest
 * integer, halves to even. Valid below 2⁵¹, and much faster than deciding each case.
 */
const roundingShift = 1.5 * 2 ** 52;

/** Samples a pixel of the interleaved picture. */
export function bandsOf(picture: Picture): number {
  return picture.channels + (picture.alpha === undefined ? 0 : 1);
}

/**
 * Interleaved integers of the picture: values in [0, 1] times the largest of so many bits, rounded half to even, clamped;
 * then the alpha, exact at its own depth. 10 and 12 bits stand at the upper end of 16, as encoders take them.
 *
 * @throws RevelaError if a value is not a number
 */
export function quantize(picture: Picture, bits: 8 | 10 | 12 | 16): Uint8Array | Uint16Array {
  const { width, height, channels, data, alpha } = picture;
  const bands = bandsOf(picture);
  const area = width * height;
  const white = 2 ** bits - 1;
  const samples = bits === 8 ? new Uint8Array(area * bands) : new Uint16Array(area * bands);
  for (let channel = 0; channel < channels; channel++) {
    let to = channel;
    const end = (channel + 1) * area;
    for (let from = channel * area; from < end; from++, to += bands) {
      const value = (data[from] ?? 0) * white;
      if (value >= 0 && value <= white) samples[to] = value + roundingShift - roundingShift;
      else if (!Number.isFinite(value)) throw notANumber(picture, from);
      else if (value > white) samples[to] = white;
    }
  }
  if (alpha !== undefined) writeAlpha(samples, bands, alpha, white);
  const step = bits === 8 ? 1 : 2 ** (16 - bits);
  if (step > 1) for (let i = 0; i < samples.length; i++) samples[i] = (samples[i] ?? 0) * step;
  return samples;
}

function writeAlpha(
  samples: Uint8Array | Uint16Array,
  bands: number,
  alpha: Uint8Array | Uint16Array,
  white: number,
): void {
  const own = alpha instanceof Uint8Array ? 255 : 65_535;
  const factor = white / own;
  for (let from = 0, to = bands - 1; from < alpha.length; from++, to += bands) {
    samples[to] = Math.round((alpha[from] ?? 0) * factor);
  }
}

/** A value from 0 to 65,535, rounded. */
export const roundedHalfToEven = (value: number): number => value + roundingShift - roundingShift;

/** That a value is not a number, by its index in the planes. */
export function notANumber({ width, height }: Pick<Picture, 'width' | 'height'>, index: number): RevelaError {
  const inPlane = index % (width * height);
  return new RevelaError(
    `the picture holds a value that is not a finite number at x ${inPlane % width}, y ${Math.floor(inPlane / width)}; it cannot be written: check the weights or the picture that it was made from`,
  );
}
