import { gaussian } from './gaussian-samples.js';
import { correlate } from './correlate.js';
import type { Planes } from '../planes.js';

/**
 * A Gaussian blur over a square window, done along columns and then along rows; the picture is mirrored at its edges without
 * repeating the edge samples.
 *
 * @param size side of the window, odd
 * @param sigma standard deviation, in pixels
 * @throws RangeError if the size is even
 *
 * @example
 * const soft = gaussianBlur(planes, 2 * Math.ceil(3 * sigma) + 1, sigma);
 */
export function gaussianBlur(planes: Planes, size: number, sigma: number): Float32Array<ArrayBuffer> {
  if (!(Number.isSafeInteger(size) && size % 2 === 1))
    throw new RangeError(`${size} is no odd size of a window`);
  const weights = gaussian(size, sigma);
  const soft = resultOf(correlate(planes, { rows: size, columns: 1, weights }));
  return resultOf(correlate({ ...planes, data: soft }, { rows: 1, columns: size, weights }, soft));
}

/** What work gives in the end that is done without pauses. */
function resultOf<Result>(work: Generator<undefined, Result>): Result {
  for (let part = work.next(); ; part = work.next()) if (part.done === true) return part.value;
}
