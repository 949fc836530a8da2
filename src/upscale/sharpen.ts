import { gaussianBlur, type Planes } from '../pixels/index.js';

/** How {@link sharpen} works; the defaults are Real-ESRGAN's. */
export interface SharpenSettings {
  /** The side of the Gaussian window, odd; default 51, with which its standard deviation is 8. */
  readonly size: number;
  /** How much of the detail is added; default 0.5. */
  readonly weight: number;
  /** Detail of less than so many steps of 8 bits is left as it is; default 10. */
  readonly threshold: number;
}

const realEsrgan: SharpenSettings = { size: 51, weight: 0.5, threshold: 10 };

/**
 * Unsharp masking: adds part of what a blur takes away, where that is more than a threshold; the mask is blurred in
 * turn, so that it has no edges. Real-ESRGAN (arXiv 2107.10833) compares its output with targets that
 * were sharpened so in the pixel and the perceptual loss, but not in the adversarial one.
 *
 * @returns planes of the same size, in [0, 1]
 *
 * @example
 * const target = sharpen(high);
 */
export function sharpen(planes: Planes, settings: Partial<SharpenSettings> = {}): Planes {
  const { size, weight, threshold } = { ...realEsrgan, ...settings };
  // The standard deviation that OpenCV gives a window of that size.
  const sigma = 0.3 * ((size - 1) / 2 - 1) + 0.8;
  const source = planes.data;
  const detail = gaussianBlur(planes, size, sigma);
  const strong = new Float32Array(source.length);
  for (let i = 0; i < strong.length; i++) {
    detail[i] = (source[i] ?? 0) - (detail[i] ?? 0);
    strong[i] = Math.abs(detail[i] ?? 0) * 255 > threshold ? 1 : 0;
  }
  const mask = gaussianBlur({ ...planes, data: strong }, size, sigma);
  const data = strong; // the room is used again
  for (let i = 0; i < data.length; i++) {
    const value = source[i] ?? 0;
    const sharp = Math.min(1, Math.max(0, value + weight * (detail[i] ?? 0)));
    data[i] = Math.min(1, Math.max(0, value + (mask[i] ?? 0) * (sharp - value)));
  }
  return { ...planes, data };
}
