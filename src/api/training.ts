export {
  type AnySettings,
  type BestWeights,
  denoisedSuffix,
  describedRun,
  type DescribedRun,
  distill,
  type DistillOptions,
  enlargedSuffix,
  type FittedNiqe,
  kindOf,
  type LpipsFiles,
  type NewRunOptions,
  type NewScorerOptions,
  type NewUpscalerOptions,
  type PresetName,
  presetNames,
  presetSteps,
  previewSuffix,
  type Recipe,
  type RecipeOptions,
  type RunKindName,
  type RunOptions,
  trainDenoiser,
  type TrainDenoiserOptions,
  type TrainedWeights,
  trainIlNiqe,
  type TrainIlNiqeOptions,
  trainingPictures,
  trainNiqe,
  type TrainNiqeOptions,
  trainScorer,
  type TrainScorerOptions,
  trainUpscaler,
  type TrainUpscalerOptions,
  type ValidationOptions,
} from '../runs/index.js';
export { type Budget, budgetOr, budgetWords } from '../training/index.js';
export type { Progress } from '../apply/index.js';
export type { RunDescription } from '../runs/index.js';
export { scorerPreset } from '../quality/index.js';
export type { TrainingPreset } from '../nn/index.js';
export { discriminatorNames } from '../runs/choices.js';
export {
  adversarialLosses,
  mostPatchesPerSquare,
  promptAverages,
  promptInputs,
  upscalingPresets,
  upscalingStages,
} from '../upscale/choices.js';
