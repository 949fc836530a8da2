import { reflectIndex } from '../edges.js';
import type { Planes } from '../planes.js';
import { roomForSums, type Shifts } from './shifted-sum.js';

/** What a sample is replaced by: a weighted sum over so many rows and columns around it, both odd numbers. */
export interface Window {
  readonly rows: number;
  readonly columns: number;
  /** `[rows, columns]` */
  readonly weights: Float64Array;
}

/** Sums that are made at a time: with what they are made of they stay near the processor. */
const sumsAtOnce = 65_536;

/**
 * Weights below this change nothing that a picture of 16 bits could hold, all of a window together, and most windows of
 * blurs are full of them.
 */
const negligible = 2 ** -32;

/**
 * Replaces each sample by the weighted sum over a window around it, the picture being mirrored at its edges without
 * repeating the edge samples; in single precision. It stops after each band of rows, for a moment's pause; the last
 * value is the result.
 *
 * @param result what to write to: that of the planes, if the window has one row; default: a new array
 * @returns `[channels, height, width]`, not clamped
 */
export function* correlate(
  { channels, width, height, data }: Planes,
  window: Window,
  result = new Float32Array(data.length),
): Generator<undefined, Float32Array<ArrayBuffer>> {
  const [above, before] = [(window.rows - 1) / 2, (window.columns - 1) / 2];
  // Rows lie behind one another with their margins: the window is then the same shifts for all samples of all of them.
  const stride = width + window.columns - 1;
  const shifts = shiftsOf(window, stride);
  const left = Int32Array.from({ length: before }, (_, i) => reflectIndex(i - before, width));
  const right = Int32Array.from({ length: before }, (_, i) => reflectIndex(width + i, width));
  const band = Math.max(1, window.rows, Math.floor(sumsAtOnce / stride));
  for (let channel = 0; channel < channels; channel++) {
    const plane = channel * height * width;
    for (let top = 0; top < height; top += band) {
      const rows = Math.min(band, height - top);
      const sources = rows + window.rows - 1;
      const { source, target, run } = roomForSums({ sums: rows * stride, numbers: sources * stride }, shifts);
      for (let row = 0; row < sources; ) {
        const y = top + row - above;
        // Rows without margins lie in the picture as they lie here: as many at once as there are.
        const count = before === 0 && y >= 0 && y < height ? Math.min(height - y, sources - row) : 1;
        const from = plane + reflectIndex(y, height) * width;
        const to = row * stride;
        for (let i = 0; i < before; i++) {
          source[to + i] = data[from + (left[i] ?? 0)] ?? 0;
          source[to + before + width + i] = data[from + (right[i] ?? 0)] ?? 0;
        }
        source.set(data.subarray(from, from + count * width), to + before);
        row += count;
      }
      run();
      const count = before === 0 ? rows : 1;
      for (let row = 0; row < rows; row += count) {
        const sums = target.subarray(row * stride, row * stride + count * width);
        result.set(sums, plane + (top + row) * width);
      }
      yield;
    }
  }
  return result;
}

function shiftsOf({ rows, columns, weights }: Window, stride: number): Shifts {
  const shifts: number[] = [];
  const counting: number[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const weight = weights[row * columns + column] ?? 0;
      if (Math.abs(weight) < negligible) continue;
      shifts.push(row * stride + column);
      counting.push(weight);
    }
  }
  return { shifts: Int32Array.from(shifts), weights: Float32Array.from(counting) };
}
