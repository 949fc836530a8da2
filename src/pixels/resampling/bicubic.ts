import { keysCubic } from './cubic.js';
import { mirror } from '../edges.js';
import type { PlanesSize } from '../planes.js';
import { type AxisWeights, resamplePlanes } from './resample-planes.js';

/**
 * Enlarges or shrinks planes as MATLAB's `imresize` does with its 'bicubic' method: Keys' cubic kernel with a = −½,
 * widened by the factor where a side shrinks (antialiasing), weights of each output sample divided by their sum, the
 * picture mirrored at its edges with the edge samples repeated, the axis that shrinks most first. It is the
 * degradation that super-resolution is classically trained and tested with, and what measures of quality resize by.
 *
 * Sums are made in double precision, both axes before anything is rounded. The result is neither rounded nor
 * clamped: it overshoots at edges.
 *
 * @param planes `[from.channels, from.height, from.width]`
 * @param to the size of the result; each axis is scaled by the ratio of its lengths
 * @returns `[from.channels, to.height, to.width]`
 * @throws RangeError if a size is no whole number of at least 1, or `planes` does not have the size `from`
 *
 * @example
 * const low = bicubicResize(picture.data, picture, { width: picture.width / 4, height: picture.height / 4 });
 */
export function bicubicResize(
  planes: Float32Array,
  from: PlanesSize,
  to: { readonly width: number; readonly height: number },
): Float32Array<ArrayBuffer> {
  const scale = { x: to.width / from.width, y: to.height / from.height };
  for (const side of [from.channels, from.width, from.height, to.width, to.height]) {
    if (!(Number.isSafeInteger(side) && side >= 1)) throw new RangeError(`${side} is no size of planes`);
  }
  const samples = from.channels * from.width * from.height;
  if (planes.length !== samples)
    throw new RangeError(
      `planes of ${from.channels} × ${from.height} × ${from.width} hold ${samples} samples, not ${planes.length}`,
    );
  const across = bicubicWeights(from.width, to.width, scale.x);
  const down = bicubicWeights(from.height, to.height, scale.y);
  return resamplePlanes(planes, from, { across, down, first: scale.y <= scale.x ? 'down' : 'across' });
}

const cubic = keysCubic(-0.5);

/** Which samples make each output sample of an axis, and how much of each. */
function bicubicWeights(from: number, to: number, scale: number): AxisWeights {
  const stretch = Math.max(1, 1 / scale);
  const taps = Math.ceil(4 * stretch);
  const sources = new Int32Array(to * taps);
  const weights = new Float64Array(to * taps);
  for (let i = 0; i < to; i++) {
    const centre = (i + 0.5) / scale - 0.5;
    const first = Math.floor(centre - 2 * stretch) + 1; // the first sample where the kernel is not 0
    let sum = 0;
    for (let k = 0; k < taps; k++) {
      const weight = cubic((centre - first - k) / stretch);
      sources[i * taps + k] = mirror(first + k, from);
      weights[i * taps + k] = weight;
      sum += weight;
    }
    for (let k = i * taps; k < (i + 1) * taps; k++) weights[k] = (weights[k] ?? 0) / sum;
  }
  return { taps, sources, weights };
}
