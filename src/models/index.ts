export { clipTokensAside, loadClipTokenizer } from './clip-vocabulary.js';
export type { ConvertOptions } from './convert-options.js';
export { type Conversion, convertWeights } from './convert-weights.js';
export {
  architectureNamed,
  checkBlindSpot,
  inferenceMethodNamed,
  methodNamed,
  trainableMethodNamed,
} from './denoiser-options.js';
export { type DenoiserWeights, loadDenoiserWeights, saveDenoiserWeights } from './denoiser-weights.js';
export {
  type ChosenStateDict,
  chosenStateDicts,
  describeWeights,
  taskOfWeights,
  type WeightsDescription,
} from './describe-weights.js';
export { expectTensors } from './expected-tensors.js';
export { float32Parameters, storedParameters } from './float32-parameters.js';
export { checkFrozen, type FrozenFile, frozenFile } from './frozen-file.js';
export {
  type BackboneFile,
  backboneFile,
  backboneNamed,
  type LoadedBackbone,
  loadBackbone,
} from './load-backbone.js';
export { type ClipWeights, loadClip } from './load-clip.js';
export {
  type DistanceFiles,
  type DistsWeights,
  loadDists,
  loadLpips,
} from './load-distances.js';
export type { LpipsWeights } from './lpips-weights.js';
export { loadVgg19 } from './load-vgg19.js';
export {
  checkTask,
  fileRead,
  inUse,
  type LearntWeights,
  loadNetworkWeights,
  type NetworkWeights,
  parameterCount,
  parseRecord,
  saveNetworkWeights,
  type TrainingRecord,
} from './network-weights.js';
export { CONFIG, type RunConfig, readRunConfig, writeRunConfig } from './run-config.js';
export { RUN_WEIGHTS, shippedWeights, weightsAt } from './run-weights.js';
export { loadScorerWeights, type ScorerWeights, saveScorerWeights } from './scorer-weights.js';
export {
  type ShippedDenoiser,
  type ShippedUpscaler,
  shippedDenoiserPath,
  shippedNiqePath,
  shippedScorerPath,
  shippedUpscalerPath,
} from './shipped-weights.js';
export { shortNames } from './short-names.js';
export type { LearningOptions, StartOptions } from './learning-options.js';
export { type Start, saysHowToLearn, startOf } from './starting-weights.js';
export { loadUpscalerWeights, saveUpscalerWeights, type UpscalerWeights } from './upscaler-weights.js';
export { absoluteWeights, withPaths, withStateDict } from './weights-reference.js';
