// What of this room runs on any platform.
export { type Applier, createApplier } from './apply-denoiser.js';
export { applyInTiles, type TiledProgram, type TileListener, type TileProgress } from './apply-in-tiles.js';
export { giveBackLost, givingBack } from './lost-share.js';
export type { Progress } from './progress.js';
export type { RemovalSettings } from './removal-settings.js';
export { picturePace } from './picture-pace.js';
export {
  answerWithDetail,
  type Intended,
  intendedFor,
  intendedInRange,
  type RemovalFacts,
  removeNoise,
} from './remove-noise.js';
export { answerOf } from './second-look.js';
export { settledBy } from './settled-strength.js';
export { resizedAlpha } from './resized-alpha.js';
export { inTurns } from './turns.js';
export { givenSharpening, upscaleProgram } from './upscale-program.js';
export { jpegBeforeEnlarging } from './jpeg-before-enlarging.js';
export { noiseBeforeEnlarging } from './noise-before-enlarging.js';
export { type UpscalerChoice, upscalerFor, usualSharpening } from './upscaler-choice.js';
export { withVisibleColours } from './visible-colours.js';
