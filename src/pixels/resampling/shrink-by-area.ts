import type { Raster } from '../raster.js';

/** Which samples of a line an output sample covers, and how much of each. */
interface Cover {
  readonly first: Int32Array;
  readonly last: Int32Array;
  /** Share of the first and the last one; those between count whole. */
  readonly head: Float64Array;
  readonly tail: Float64Array;
}

function coverOf(from: number, to: number): Cover {
  const [first, last] = [new Int32Array(to), new Int32Array(to)];
  const [head, tail] = [new Float64Array(to), new Float64Array(to)];
  for (let i = 0; i < to; i++) {
    const [start, end] = [(i * from) / to, ((i + 1) * from) / to];
    const begin = Math.min(from - 1, Math.floor(start));
    const stop = Math.min(from - 1, Math.max(begin, Math.ceil(end) - 1));
    first[i] = begin;
    last[i] = stop;
    head[i] = Math.min(end, begin + 1) - start;
    tail[i] = stop === begin ? 0 : end - stop;
  }
  return { first, last, head, tail };
}

/**
 * Makes a picture smaller by the mean of the area that each new pixel covers, pixels that lie in it in part counting in
 * part: neither sharpens nor lets moiré through, and takes one pass over the samples.
 *
 * @param to at most the picture's size
 * @returns `[channels, to.height, to.width]`, in [0, 1]
 */
export function shrinkByArea(
  { channels, width, height, samples, pixelStep, channelStep, white }: Raster,
  to: { readonly width: number; readonly height: number },
): Float32Array {
  const across = coverOf(width, to.width);
  const down = coverOf(height, to.height);
  const result = new Float32Array(channels * to.height * to.width);
  const whole = white * ((width * height) / (to.width * to.height));
  const line = new Float64Array(width);
  for (let channel = 0; channel < channels; channel++) {
    for (let y = 0; y < to.height; y++) {
      line.fill(0);
      const [top, bottom] = [down.first[y] ?? 0, down.last[y] ?? 0];
      for (let row = top; row <= bottom; row++) {
        const share = row === top ? (down.head[y] ?? 1) : row === bottom ? (down.tail[y] ?? 1) : 1;
        let from = channel * channelStep + row * width * pixelStep;
        for (let x = 0; x < width; x++, from += pixelStep)
          line[x] = (line[x] ?? 0) + share * (samples[from] ?? 0);
      }
      const at = (channel * to.height + y) * to.width;
      for (let x = 0; x < to.width; x++) {
        const [left, right] = [across.first[x] ?? 0, across.last[x] ?? 0];
        let sum = (across.head[x] ?? 1) * (line[left] ?? 0);
        for (let i = left + 1; i < right; i++) sum += line[i] ?? 0;
        if (right > left) sum += (across.tail[x] ?? 0) * (line[right] ?? 0);
        result[at + x] = sum / whole;
      }
    }
  }
  return result;
}
