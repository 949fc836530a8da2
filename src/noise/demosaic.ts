import { hamiltonAdams } from './hamilton-adams.js';
import { bilinear, linear, malvar } from './linear-demosaic.js';
import type { Mosaic } from './mosaic.js';

/** How a full colour picture is made of a mosaic. */
export type Demosaicking = 'bilinear' | 'malvar' | 'hamilton-adams';

/** All of {@link Demosaicking}. */
export const demosaickings: readonly [Demosaicking, ...Demosaicking[]] = [
  'bilinear',
  'malvar',
  'hamilton-adams',
];

/**
 * Makes red, green and blue planes of a mosaic.
 *
 * - `bilinear`: the mean of the nearest samples of the channel; what simple cameras do.
 * - `malvar`: the linear filters of Malvar, He and Cutler (ICASSP 2004); near what most converters leave of noise.
 * - `hamilton-adams`: green along the smoother direction (US patent 5,629,734, expired), red and blue by their differences
 *   from green; noise becomes short worms, as with other adaptive methods.
 *
 * @returns `[3, height, width]`, not clamped
 */
export function demosaic(mosaic: Mosaic, how: Demosaicking): Float32Array<ArrayBuffer> {
  switch (how) {
    case 'bilinear':
      return linear(mosaic, bilinear);
    case 'malvar':
      return linear(mosaic, malvar);
    case 'hamilton-adams':
      return hamiltonAdams(mosaic);
  }
}
