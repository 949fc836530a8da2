export { bicubicResize, mirror } from './bicubic.js';
export {
  broughtBack,
  divided,
  findRangeFactor,
  inNetworkRange,
  multiplied,
  rangeFactor,
  rasterInNetworkRange,
} from './network-range.js';
export {
  cutPatch,
  cutSquare,
  drawPosture,
  type PatchOptions,
  type Posture,
  randomPatch,
  rasterOf,
  type Square,
} from './patches.js';
export type {
  ColourCodes,
  Density,
  ExifField,
  Picture,
  PictureFormat,
  PictureMetadata,
  PictureText,
} from './picture.js';
export { bandsOf, quantize } from './quantize.js';
export type { Raster } from './raster.js';
export { type Padding, reflectIndex, reflectPad } from './reflect.js';
export { type AxisWeights, type PlanesSize, resamplePlanes } from './resample.js';
export {
  enlargedTile,
  extractTile,
  placeTile,
  planTiles,
  type Rect,
  type Tile,
  tileInside,
  type TilePlan,
  type TileRequest,
} from './tiles.js';
export { tileSize } from './tile-sizes.js';
