import { type AxisWeights, type PlanesSize, reflectIndex, resamplePlanes } from '../images/index.js';

/**
 * A Gaussian blur over a square window, done along columns and then along rows; the picture is mirrored at its edges without
 * repeating the edge samples.
 *
 * @param size side of the window, odd
 * @param sigma standard deviation, in pixels
 * @returns what blurs planes of that size
 * @throws RangeError if the size is even
 *
 * @example
 * const soft = gaussianBlur(planes, 2 * Math.ceil(3 * sigma) + 1, sigma)(planes.data);
 */
export function gaussianBlur(
  planes: PlanesSize,
  size: number,
  sigma: number,
): (data: Float32Array) => Float32Array<ArrayBuffer> {
  if (!(Number.isSafeInteger(size) && size % 2 === 1))
    throw new RangeError(`${size} is no odd size of a window`);
  const radius = (size - 1) / 2;
  const window = Float64Array.from({ length: size }, (_, k) =>
    Math.exp(-((k - radius) ** 2) / (2 * sigma ** 2)),
  );
  const sum = window.reduce((total, weight) => total + weight, 0);
  const along = (length: number): AxisWeights => ({
    taps: size,
    sources: Int32Array.from({ length: length * size }, (_, i) =>
      reflectIndex(Math.floor(i / size) + (i % size) - radius, length),
    ),
    weights: Float64Array.from({ length: length * size }, (_, i) => (window[i % size] ?? 0) / sum),
  });
  const axes = { across: along(planes.width), down: along(planes.height), first: 'down' } as const;
  return (data) => resamplePlanes(data, planes, axes);
}
