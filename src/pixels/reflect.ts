import { reflectIndex } from './edges.js';

/** Samples added at each side, all at least 0. */
export interface Padding {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

/**
 * Pads planes by reflection, as `[channels, height, width]` → `[channels, top + height + bottom, left + width + right]`.
 * The padding may be larger than the picture.
 *
 * @example
 * reflectPad(Float32Array.of(1, 2, 3), 1, 1, 3, { top: 0, right: 2, bottom: 0, left: 1 }); // 2 1 2 3 2 1
 */
export function reflectPad(
  planar: Float32Array,
  channels: number,
  height: number,
  width: number,
  { top, right, bottom, left }: Padding,
): Float32Array {
  const paddedHeight = top + height + bottom;
  const paddedWidth = left + width + right;
  const columns = Int32Array.from({ length: paddedWidth }, (_, x) => reflectIndex(x - left, width));
  const padded = new Float32Array(channels * paddedHeight * paddedWidth);
  let to = 0;
  for (let channel = 0; channel < channels; channel++) {
    for (let y = 0; y < paddedHeight; y++) {
      const row = (channel * height + reflectIndex(y - top, height)) * width;
      for (let x = 0; x < paddedWidth; x++) padded[to++] = planar[row + (columns[x] ?? 0)] ?? 0;
    }
  }
  return padded;
}
