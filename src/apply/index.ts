export { type Applier, createApplier } from './apply-denoiser.js';
export { applyInTiles, type TileListener, type TileProgress } from './apply-in-tiles.js';
export { type Call, type CallOptions, callOf, stopping } from './calls.js';
export { type ExportOptions, exportDenoiser } from './export/export-denoiser.js';
export { exportUpscaler } from './export/export-upscaler.js';
export type { ExportedModel } from './export/exported-model.js';
export { type FairQueue, fairQueue } from './fair-queue.js';
export { type InferenceChoices, settleInference } from './inference-options.js';
export { giveBackLost, givingBack } from './lost-share.js';
export { measuredInput } from './measured-input.js';
export { type DeviceOptions, onDevice, openDevice } from './open-device.js';
export {
  deviceOptionNames,
  inferenceChoiceNames,
  learningOptionNames,
  removalOptionNames,
} from './option-names.js';
export { type Outcome, outcomes } from './outcomes.js';
export { picturePace } from './picture-pace.js';
export type { Progress } from './progress.js';
export type { Removal } from './removal.js';
export { checkMask, type RemovalOptions, settleRemoval } from './removal-options.js';
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
export { inTurns } from './turns.js';
export { upscaleProgram } from './upscale-program.js';
export { type UpscalerChoice, upscalerFor } from './upscaler-choice.js';
export { withVisibleColours } from './visible-colours.js';
