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
  const radius = (size - 1) / 2;
  const window = Float64Array.from({ length: size }, (_, k) =>
    Math.exp(-((k - radius) ** 2) / (2 * sigma ** 2)),
  );
  const sum = window.reduce((total, weight) => total + weight, 0);
  const weights = window.map((weight) => weight / sum);
  const soft = resultOf(correlate(planes, { rows: size, columns: 1, weights }));
  return resultOf(correlate({ ...planes, data: soft }, { rows: 1, columns: size, weights }, soft));
}

/** What work gives in the end that is done without pauses. */
function resultOf<Result>(work: Generator<undefined, Result>): Result {
  for (let part = work.next(); ; part = work.next()) if (part.done === true) return part.value;
}
