export type { TrainIlNiqeOptions, TrainNiqeOptions } from './niqe/niqe-options.js';
export type { BestWeights } from './best-weights.js';
export { type TrainDenoiserOptions, trainDenoiser } from './denoiser/train-denoiser.js';
export { describeRun, type RunDescription } from './folder/describe-run.js';
export type { Metrics } from './folder/metrics-log.js';
export { readMetrics } from './folder/read-metrics.js';
export type { SampleWords } from './folder/samples.js';
export { fromPairs, fromPictures, learn, learntParameters } from './learn.js';
export {
  type FittedNiqe,
  trainIlNiqe,
  trainNiqe,
} from './niqe/train-niqe.js';
export {
  presetSteps,
  type Recipe,
  recipeFrom,
  settleRecipe,
} from './recipe.js';
export type { NewRunOptions } from './denoiser/denoiser-options.js';
export { type PresetName, presetNames, type RecipeOptions } from './recipe-options.js';
export type { NewScorerOptions } from './scorer/scorer-options.js';
export type { ValidationOptions } from './validation-options.js';
export { type TrainScorerOptions, trainScorer } from './scorer/train-scorer.js';
export { type DescribedRun, describedRun, kindOf } from './described-run.js';
export { type AnySettings, type RunKindName, runKinds } from './kinds.js';
export { type ResumeOptions, resumeTraining } from './resume-training.js';
export type { RunKind } from './run-kind.js';
export type { RunOptions } from './run-options.js';
export { decodeState, encodeState } from './team/state-file.js';
export { type OpenShare, openShare } from './team/open-share.js';
export type { Team, TeamPaths, TeamRun, TeamSettings } from './team/team.js';
export { ROUNDS } from './folder/run-folder.js';
export { type DistillOptions, distill } from './student/distill.js';
export { denoisedSuffix, enlargedSuffix, previewSuffix, trainingPictures } from './training-pictures.js';
export type { TrainedWeights } from './training-run.js';
export { discriminatorNames } from './upscaler/game-options.js';
export {
  bicubic,
  type LargeAndSmall,
  leastSide,
  madeSmall,
  plainPart,
  wholeSide,
} from './upscaler/large-and-small.js';
export type { LossWeights, LpipsFiles } from './upscaler/loss-options.js';
export { type TrainUpscalerOptions, trainUpscaler } from './upscaler/train-upscaler.js';
export type { NewUpscalerOptions } from './upscaler/upscaler-options.js';
