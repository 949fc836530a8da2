export * from './arithmetic.js';
export { pictureFormats } from './picture.js';
export { formatOfStart, startBytes } from './format-of-start.js';
export {
  broughtBack,
  divided,
  findRangeFactor,
  inNetworkRange,
  multiplied,
  type RangedPicture,
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
export { bandsOf, notANumber, quantize, roundedHalfToEven } from './quantize.js';
export type { Raster } from './raster.js';
export { type Padding, reflectPad } from './reflect.js';
export { type AxisWeights, resamplePlanes } from './resampling/resample-planes.js';
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
export {
  inFloats,
  type LeanPicture,
  type LeanPlanes,
  type PictureValues,
  rowOf,
  type StoredValues,
  unpackedValues,
} from './stored-values.js';
export { sameWhenStored } from './same-when-stored.js';
export { tileSize } from './tile-sizes.js';
export { resize, resizeBy, type ResizeMode, resizeModes } from './resampling/resize.js';
export { ALIKE_COLOURS_REACH, alikeColours } from './filters/alike-colours.js';
export { ALIKE_REACH, alikeMeans } from './filters/alike-means.js';
export { gaussianBlur } from './filters/gaussian-blur.js';
export { shrinkByArea } from './resampling/shrink-by-area.js';
export { correlate } from './filters/correlate.js';
