export { type Applier, createApplier } from './apply-denoiser.js';
export type { SecondNetwork } from './second-network.js';
export { applyInTiles, type TileListener, type TileProgress } from './apply-in-tiles.js';
export { type Call, callOf, stopping } from './calls.js';
export { exportDenoiser } from './export/export-denoiser.js';
export type { ExportOptions, ExportUpscalerOptions } from './export/export-options.js';
export { exportUpscaler } from './export/export-upscaler.js';
export type { ExportedModel } from './export/exported-model.js';
export { type CallOptions, type DeviceOptions, deviceOptions, type TileOptions } from './device-options.js';
export { type FairQueue, fairQueue } from './fair-queue.js';
export type { InferenceChoices } from './inference-options.js';
export { giveBackLost, givingBack } from './lost-share.js';
export { measuredInput } from './measured-input.js';
export { onDevice, openDevice } from './open-device.js';
export { type Outcome, outcomes } from './outcomes.js';
export { picturePace } from './picture-pace.js';
export type { Progress } from './progress.js';
export type { Removal } from './removal.js';
export type { RemovalOptions } from './removal-options.js';
export type { RemovalSettings } from './removal-settings.js';
export {
  type Intended,
  intendedFor,
  intendedInRange,
  type RemovalFacts,
  removeNoise,
} from './remove-noise.js';
export { resizedAlpha, resizedAlphaAside } from './resized-alpha.js';
export { tellRange, tellRanges } from './tell-range.js';
export { settleInference } from './settle-inference.js';
export { checkMask, settleRemoval } from './settle-removal.js';
export { inTurns } from './turns.js';
export { upscaleProgram } from './upscale-program.js';
export { jpegBeforeEnlarging } from './jpeg-before-enlarging.js';
export { noiseBeforeEnlarging } from './noise-before-enlarging.js';
export { type UpscalerChoice, upscalerFor, usualSharpening } from './upscaler-choice.js';
export { withVisibleColours } from './visible-colours.js';
