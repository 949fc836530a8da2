import { keysCubic } from './cubic.js';
import { repeatIndex } from '../edges.js';
import { type AxisWeights, resamplePlanes } from './resample-planes.js';
import type { Planes } from '../planes.js';

/** How a picture is brought to another size. */
export type ResizeMode = 'area' | 'bilinear' | 'bicubic';

/** All of {@link ResizeMode}. */
export const resizeModes: readonly [ResizeMode, ...ResizeMode[]] = ['area', 'bilinear', 'bicubic'];

/**
 * Resizes planes as Real-ESRGAN's training does, which is PyTorch's `interpolate` without antialiasing:
 * - `area`: the mean of the samples that an output sample covers at least in part, each counting whole;
 * - `bilinear`: between the two nearest samples;
 * - `bicubic`: Keys' kernel with a = −¾ over the four nearest ones. (MATLAB's bicubic is `bicubicResize`.)
 *
 * Samples outside of the picture are those at its edge. The result is not clamped.
 *
 * @param scale output by input samples, where it is not the ratio of the sizes because they were rounded
 */
export function resize(
  planes: Planes,
  to: { readonly width: number; readonly height: number },
  mode: ResizeMode,
  scale: { readonly x: number; readonly y: number } = {
    x: to.width / planes.width,
    y: to.height / planes.height,
  },
): Planes {
  if (scale.x === 1 && scale.y === 1) return planes;
  const { channels } = planes;
  const across = weightsOf(mode, planes.width, to.width, scale.x);
  const down = weightsOf(mode, planes.height, to.height, scale.y);
  const first = scale.y <= scale.x ? 'down' : 'across'; // what shrinks more leaves less to do
  return { channels, ...to, data: resamplePlanes(planes.data, planes, { across, down, first }) };
}

/**
 * Resizes both axes by a factor; sides are rounded down, to at least 1.
 *
 * @example
 * resizeBy(planes, 1.5, 'bicubic');
 */
export function resizeBy(planes: Planes, factor: number, mode: ResizeMode): Planes {
  const side = (length: number): number => Math.max(1, Math.floor(length * factor));
  return resize(planes, { width: side(planes.width), height: side(planes.height) }, mode, {
    x: factor,
    y: factor,
  });
}

function weightsOf(mode: ResizeMode, from: number, to: number, scale: number): AxisWeights {
  switch (mode) {
    case 'area':
      return axisWeights(to, Math.ceil(from / to) + 1, (i, add) => {
        const first = Math.floor((i * from) / to);
        const end = Math.ceil(((i + 1) * from) / to);
        for (let source = first; source < end; source++) add(source, 1 / (end - first));
      });
    case 'bilinear':
      return axisWeights(to, 2, (i, add) => {
        const centre = Math.max(0, (i + 0.5) / scale - 0.5);
        const first = Math.floor(centre);
        for (const k of [0, 1]) add(repeatIndex(first + k, from), 1 - Math.abs(centre - first - k));
      });
    case 'bicubic':
      return axisWeights(to, 4, (i, add) => {
        const centre = (i + 0.5) / scale - 0.5;
        const first = Math.floor(centre) - 1;
        for (const k of [0, 1, 2, 3]) add(repeatIndex(first + k, from), cubic(centre - first - k));
      });
  }
}

/** Collects what each output sample is made of; weights that are not needed stay 0. */
function axisWeights(
  to: number,
  taps: number,
  make: (output: number, add: (source: number, weight: number) => void) => void,
): AxisWeights {
  const sources = new Int32Array(to * taps);
  const weights = new Float64Array(to * taps);
  for (let i = 0; i < to; i++) {
    let at = i * taps;
    make(i, (source, weight) => {
      sources[at] = source;
      weights[at++] = weight;
    });
  }
  return { taps, sources, weights };
}

const cubic = keysCubic(-0.75);
