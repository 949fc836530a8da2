export type { BestWeights } from './best-weights.js';
export { trainDenoiser, type TrainDenoiserOptions } from './denoiser/train-denoiser.js';
export { fromPairs, fromPictures, learn, learntParameters } from './learn.js';
export {
  type FittedNiqe,
  trainIlNiqe,
  type TrainIlNiqeOptions,
  trainNiqe,
  type TrainNiqeOptions,
} from './niqe/train-niqe.js';
export {
  type PresetName,
  presetNames,
  presetSteps,
  type Recipe,
  recipeFrom,
  type RecipeOptions,
  settleRecipe,
} from './recipe.js';
export type { NewRunOptions, ValidationOptions } from './run-settings.js';
export type { NewScorerOptions } from './scorer/scorer-settings.js';
export { trainScorer, type TrainScorerOptions } from './scorer/train-scorer.js';
export {
  type AnySettings,
  describedRun,
  type DescribedRun,
  kindOf,
  type RunKindName,
} from './stored-settings.js';
export { distill, type DistillOptions } from './student/distill.js';
export { denoisedSuffix, enlargedSuffix, previewSuffix, trainingPictures } from './training-pictures.js';
export type { RunOptions, TrainedWeights } from './training-run.js';
export { discriminatorNames } from './upscaler/game-options.js';
export {
  bicubic,
  type LargeAndSmall,
  leastSide,
  madeSmall,
  plainPart,
  wholeSide,
} from './upscaler/large-and-small.js';
export type { LpipsFiles } from './upscaler/lpips-settings.js';
export { trainUpscaler, type TrainUpscalerOptions } from './upscaler/train-upscaler.js';
export type { NewUpscalerOptions } from './upscaler/upscaler-settings.js';
