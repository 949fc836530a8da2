import { type PictureValues, type PlanesSize, rowOf } from '../../pixels/index.js';

/**
 * How much a network takes away: the root of the mean square of differences, of values in `[0, 1]`.
 *
 * @param noisy `[channels, height, width]`, `[0, 1]`
 * @param denoised of the same size
 */
export function takenAway(noisy: PictureValues, denoised: Float32Array, planes: PlanesSize): number {
  const { channels, width, height } = planes;
  const read = new Float32Array(width);
  let sum = 0;
  for (let channel = 0; channel < channels; channel++)
    for (let y = 0; y < height; y++) {
      const before = rowOf(noisy, planes, channel, y, read);
      const first = (channel * height + y) * width;
      for (let x = 0; x < width; x++) sum += ((before[x] ?? 0) - (denoised[first + x] ?? 0)) ** 2;
    }
  return Math.sqrt(sum / Math.max(1, denoised.length));
}
