export { keepDetail, type Planes } from './keep-detail.js';
export type {
  BatchSize,
  Denoiser,
  DenoisingMethod,
  InferenceOptions,
  Placement,
  RateCurve,
  Refinement,
  TrainingPreset,
  TrainingStage,
} from './method.js';
export { plainInference } from './method.js';
export { denoisingMethods } from './methods.js';
export { mosaicDownsample, mosaicUpsample, pixelDownsample, pixelUpsample } from './pixel-downsampling.js';
export type { CellGrid } from './random-sub-samples.js';
export { drawPermutations, permutationSpec, randomSubSamples } from './random-sub-samples.js';
export { cyclicSampleDifferenceLoss, sdap } from './sdap.js';
