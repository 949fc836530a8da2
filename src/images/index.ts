export {
  type BatchOptions,
  checkWhole,
  noPictures,
  type SettledBatchOptions,
  settleBatchOptions,
} from './batch-options.js';
export {
  cutSquare,
  divided,
  drawPosture,
  enlargedTile,
  extractTile,
  findRangeFactor,
  inFloats,
  inNetworkRange,
  type LeanPicture,
  mirror,
  multiplied,
  type Padding,
  type PatchOptions,
  type Picture,
  type PictureFormat,
  type PictureMetadata,
  placeTile,
  planTiles,
  type Posture,
  randomPatch,
  rangeFactor,
  type Raster,
  rasterOf,
  type Rect,
  reflectIndex,
  reflectPad,
  type Square,
  type Tile,
  tileInside,
  type TilePlan,
  type TileRequest,
  tileSize,
} from '../pixels/index.js';
export { type Capture, type CaptureTime, captureTime } from './capture-time.js';
export { copyPicture } from './copy.js';
export { defaultMaxMegapixels } from './decoding-limit.js';
export { checkPicture, describePicture, type PictureDescription } from './describe.js';
export { checkFormatHolds, type RoundedPicture, roundedPicture } from './encode.js';
export type { CameraFacts } from './exif.js';
export {
  type FoundPicture,
  findPictures,
  type PictureSearch,
  searchPictures,
  sharedOut,
} from './folder.js';
export { type FormatName, formatOfPath } from './formats.js';
export { rescaledMetadata } from './geo-fields.js';
export type { LeftOut, UnreadableFile } from './left-out.js';
export { type Glance, likeness } from './likeness.js';
export { type OutputNaming, type OutputPair, outputPath, planOutputs } from './output-path.js';
export { type NamedPair, type NameMatch, stemOf } from './pair-by-name.js';
export {
  type PicturePair,
  type PicturePairing,
  pairLargeAndSmall,
  pairPictures,
  pairWithReferences,
} from './pairs.js';
export {
  createPatchSource,
  type PatchBatch,
  type PatchSource,
  type PatchSourceOptions,
} from './patch-source.js';
export { type RawImage, RevelaImage } from './image.js';
export {
  arrived,
  type HeldPicture,
  holdPicture,
  isFile,
  type PictureFile,
  type PictureInput,
  type SharpOutput,
} from './picture-input.js';
export { type BytesHolder, type ByteStream, bytesOfStream, type WebStream } from './byte-stream.js';
export type { Encoding, RawOptions, ReadOptions, WriteOptions } from './picture-options.js';
export type { RawPixels, RawSamples } from './raw-pixels.js';
export { pictureProblem } from './picture-problem.js';
export { openShelf, type PictureShelf, type ShelfContents } from './picture-shelf.js';
export { pictureSize } from '#images/picture-files';
export { readPicture, readRaster } from './read.js';
export { readCapture } from './read-capture.js';
export { isMarkedAsResult, markedAsResult, type ResultKind } from './result-mark.js';
export type { FindOptions, SearchOptions } from './search-options.js';
export type { Shard } from './shard.js';
export { checkSidecars, type SidecarOptions, sidecarPath, writeRating } from './sidecar.js';
export { checkOutput, checkTarget, writePicture, writeRounded } from './write.js';
export type { Rating } from './xmp-rating.js';
export {
  inColour,
  inSameColours,
  leanPictureOf,
  type NamedPicture,
  pictureNamed,
  pictureOf,
} from './named-picture.js';
