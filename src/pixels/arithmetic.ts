/**
 * Luma, resampling and windows of planes: a door beside index.ts, for measures that must be there at once, without tiles, patches, ranges and
 * WebAssembly.
 */
export { mirror, reflectIndex, repeatIndex } from './edges.js';
export { gaussian } from './filters/gaussian-samples.js';
export {
  bt601,
  bt601Video,
  differenceScales,
  lumaOfColour,
  matlabGrey,
  torchvisionGrey,
  videoBlack,
} from './luma.js';
export type { Plane, Planes, PlanesSize } from './planes.js';
export { bicubicResize } from './resampling/bicubic.js';
export { blockMeans } from './resampling/block-means.js';
export { keysCubic } from './resampling/cubic.js';
export { halve } from './resampling/halve.js';
