import type { Picture } from './picture.js';
import { type LeanPicture, rowOf } from './stored-values.js';

/** Whether a picture of the same size is the same one as soon as it lies in a file of its depth: every value rounds to what it was. */
export function sameWhenStored(picture: LeanPicture, other: Picture): boolean {
  const { data, channels, width, height, bitDepth, sampleBits = bitDepth } = picture;
  const white = 2 ** sampleBits - 1;
  const row = new Float32Array(width);
  for (let channel = 0; channel < channels; channel++)
    for (let y = 0; y < height; y++) {
      const own = rowOf(data, picture, channel, y, row);
      const first = (channel * height + y) * width;
      for (let x = 0; x < width; x++) {
        const value = Math.min(1, Math.max(0, other.data[first + x] ?? 0));
        if (Math.abs(value - (own[x] ?? 0)) * white >= 0.5) return false;
      }
    }
  return true;
}
