import { bicubicResize, type Planes } from '../pixels/index.js';
import { roundTo } from '../noise/index.js';

/**
 * The classical degradation: MATLAB's antialiased bicubic, clamped and rounded as the file of 8 or 16 bits would be
 * that super-resolution is tested with.
 *
 * @param planes both sides multiples of the scale
 * @param white the value of white in the file, 255 or 65,535
 *
 * @example
 * const low = degradeBicubic(picture, 4);
 */
export function degradeBicubic(planes: Planes, scale: number, white = 255): Planes {
  const to = { width: planes.width / scale, height: planes.height / scale };
  const data = bicubicResize(planes.data, planes, to);
  roundTo(white, data);
  return { channels: planes.channels, ...to, data };
}
