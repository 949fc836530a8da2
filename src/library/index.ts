export type { Conversion, ConvertOptions } from './convert-weights.js';
export { convertWeights } from './convert-weights.js';
export { checkDegradable, type DegradeOptions, degrade } from './degrade.js';
export type { DenoiseOptions, Denoising } from './denoise.js';
export { DEFAULT_MINUTES } from './adapt.js';
export { denoise, openDenoising } from './denoise.js';
export { checkMask, type RemovalOptions } from './removal-options.js';
export type { Removal, RemovalFacts } from './remove-noise.js';
export type { LearningOptions } from './denoiser-options.js';
export type { DenoiserWeights } from './denoiser-weights.js';
export { withPaths, withStateDict } from './weights-reference.js';
export { loadDenoiserWeights, saveDenoiserWeights } from './denoiser-weights.js';
export { type ChosenStateDict, chosenStateDicts, taskOfWeights } from './describe-weights.js';
export type { NetworkWeights, TrainingRecord } from './network-weights.js';
export { parameterCount } from './network-weights.js';
export { loadUpscalerWeights, saveUpscalerWeights, type UpscalerWeights } from './upscaler-weights.js';
export { enlargedSize, settleScale } from './enlarged-size.js';
export { shippedUpscalers, type Upscalers } from './choose-upscaler.js';
export { openUpscaling, type UpscaleOptions, type Upscaling, upscale } from './upscale.js';
export type { WeightsDescription } from './describe-weights.js';
export { describeWeights } from './describe-weights.js';
export type { Closeness } from '../quality/index.js';
export type { Evaluation, EvaluationOptions, MeanScore } from './evaluation.js';
export type { SizedPicture } from './evaluation-progress.js';
export type { DenoiserEvaluation, EvaluateDenoiserOptions, PictureScore } from './evaluate-denoiser.js';
export { evaluateDenoiser, scoreDefinitions } from './evaluate-denoiser.js';
export type { EnlargementScore, EvaluateUpscalerOptions, UpscalerEvaluation } from './evaluate-upscaler.js';
export { evaluateUpscaler, lumaDefinitions } from './evaluate-upscaler.js';
export type { FindLargeOptions, LargePicture, LargePictures } from './find-large-pictures.js';
export { findLargePictures } from './find-large-pictures.js';
export type { CheckedPair, FindPairsOptions, FoundPairs } from './find-pairs.js';
export { findPairs } from './find-pairs.js';
export { shortNames } from './short-names.js';
export { type DistillOptions, distill } from './distill.js';
export { loadClipTokenizer } from './clip-vocabulary.js';
export { type ClipWeights, loadClip } from './load-clip.js';
export { loadVgg19 } from './load-vgg19.js';
export {
  type DistanceFiles,
  distanceModels,
  type DistsWeights,
  loadDists,
  loadLpips,
  type LpipsWeights,
} from './load-distances.js';
export { openLpips } from './open-lpips.js';
export type { LpipsFiles } from './lpips-settings.js';
export { openDists } from './open-dists.js';
export type { DistanceOptions, PictureDistance } from './picture-distance.js';
export type { BestWeights } from './best-weights.js';
export type { InferenceChoices } from './inference-options.js';
export type { PresetName, Recipe, RecipeOptions } from './recipe.js';
export { presetNames, presetSteps } from './recipe.js';
export type { NewRunOptions, ValidationOptions } from './run-settings.js';
export type { ExportOptions } from './export-denoiser.js';
export { exportDenoiser } from './export-denoiser.js';
export { exportUpscaler } from './export-upscaler.js';
export type { ExportedModel } from './exported-model.js';
export { openScorer, type Scorer, type ScorerOptions, type PictureQuality } from './open-scorer.js';
export {
  type ShippedDenoiser,
  shippedDenoiserPath,
  shippedScorerPath,
  shippedUpscalerPath,
} from './shipped-weights.js';
export { shippedWeights } from './run-weights.js';
export { type Start, type StartOptions, startOf } from './starting-weights.js';
export { type TrainUpscalerOptions, trainUpscaler } from './train-upscaler.js';
export { discriminatorNames } from './game-options.js';
export { type TrainScorerOptions, trainScorer } from './train-scorer.js';
export {
  type FittedNiqe,
  trainIlNiqe,
  type TrainIlNiqeOptions,
  trainNiqe,
  type TrainNiqeOptions,
} from './train-niqe.js';
export { loadScorerWeights, saveScorerWeights, type ScorerWeights } from './scorer-weights.js';
export type { NewScorerOptions } from './scorer-settings.js';
export {
  type AnySettings,
  type DescribedRun,
  describedRun,
  kindOf,
  type RunKindName,
} from './stored-settings.js';
export { type TrainDenoiserOptions, trainDenoiser } from './train-denoiser.js';
export { denoisedSuffix, enlargedSuffix, previewSuffix, trainingPictures } from './training-pictures.js';
export type { RunOptions, TrainedWeights } from './training-run.js';
export type { NewUpscalerOptions } from './upscaler-settings.js';
export { defaultMeasure, measureNamed, type MeasureName, measureNames, measures } from './measures.js';
export { type BrisqueFiles, type MeasureOptions, type OpenMeasure, openMeasure } from './open-measure.js';
export {
  type ScoredPicture,
  type ScoredPictures,
  scorePictures,
  type ScorePicturesOptions,
  settledMetrics,
  type UnscoredPicture,
} from './score-pictures.js';
export {
  bestFirst,
  type RankedPicture,
  rankPictures,
  scoreOf,
  type Scores,
  worseThan,
} from './rank-pictures.js';
export {
  burstDefaults,
  type BurstOptions,
  type BurstPicture,
  findBursts,
  type FoundBursts,
} from './find-bursts.js';
export { cull, type CulledBurst, type CulledPicture } from './cull.js';
export { type Score, score, type ScoreOptions } from './score.js';
export { type ClipIqaOptions, openClipIqa, type PromptText } from './clip-iqa.js';
export type { LongSide } from './judged-picture.js';
export type { ScorerStatistics } from './judges-metadata.js';
export type { QualityScorer } from './quality-scorer.js';
export {
  calibrateSfdIqa,
  type CalibrateSfdIqaOptions,
  openSfdIqa,
  type SfdIqaOptions,
} from './sfd-iqa.js';
export {
  compare,
  type CompareOptions,
  type Comparison,
  openComparison,
  type PairScores,
  referenceMeasuresNamed,
} from './compare.js';
export {
  agreementDefinitions,
  directionText,
  type EvaluateQualityOptions,
  evaluateQuality,
  type JudgedPicture,
  type MeasureAgreement,
  type QualityEvaluation,
} from './evaluate-quality.js';
export { picturePace } from './picture-pace.js';
export {
  type LossAndGradient,
  lossNames,
  type LossName,
  type LossOptions,
  type OpenLoss,
  openLoss,
  type PictureBatch,
} from './open-loss.js';
