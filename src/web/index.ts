/**
 * Revela in a page: denoises there, learns the noise of a picture, and enlarges, and nothing leaves it.
 *
 * @module
 */
export { type ErrorCode, RevelaError } from '../errors.js';
export type { EngineChoice } from '../runtime/web/index.js';
export { mostPixels } from './refuse-too-large.js';
export { type FileSize, sizeOfFile } from './size-of-file.js';
export { decodeImage, encodeImage } from './files.js';
export { type Layer, type MixSettings, mixLayers, type Rows } from './layers.js';
export {
  type Layers,
  type OpenOptions,
  openRevela,
  type PageRevela,
  type Result,
  type Stopping,
  type Watching,
  type WatchingLearning,
} from './open-revela.js';
export type { AdaptFacts, AdaptPreview, AdaptSettings, AdaptStep } from './adapt-settings.js';
export type {
  CompareFacts,
  CompareName,
  CompareSettings,
  ScoreFacts,
  ScoreName,
  ScoreSettings,
} from './measures.js';
export { drawMap } from './draw-map.js';
export { readCapture } from './capture.js';
export { groupBursts } from '../measures/anywhere.js';
export type { Capture } from '../images/anywhere.js';
export type { LpipsNetwork, QualityMap } from '../quality/anywhere.js';
export type { PageFormat } from './page-format.js';
export { type FileMetadata, fileMetadata } from './metadata/file-metadata.js';
export { forScreen, type PageImage, type Pixels, type ScreenPixels } from './page-image.js';
export type { ChangedEngine, DenoiseSettings, TilePixels, TilesDone, UpscaleSettings } from './protocol.js';
export type { DenoiseFacts, UpscaleFacts } from './restorer.js';
