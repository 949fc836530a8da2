export {
  type DenoiserEvaluation,
  evaluateDenoiser,
  type PictureScore,
  scoreDefinitions,
} from './evaluate-denoiser.js';
export {
  agreementDefinitions,
  directionText,
  evaluateQuality,
  type EvaluateQualityOptions,
  type JudgedPicture,
  type MeasureAgreement,
  type QualityEvaluation,
} from './evaluate-quality.js';
export {
  type EnlargementScore,
  evaluateUpscaler,
  lumaDefinitions,
  type UpscalerEvaluation,
} from './evaluate-upscaler.js';
export type { SizedPicture } from './evaluation-progress.js';
export type { Evaluation, EvaluationOptions, MeanScore } from './evaluation.js';
export {
  type FindLargeOptions,
  findLargePictures,
  type LargePicture,
  type LargePictures,
} from './find-large-pictures.js';
export { type CheckedPair, findPairs, type FindPairsOptions, type FoundPairs } from './find-pairs.js';
export type { EvaluateDenoiserOptions, EvaluateUpscalerOptions } from './evaluation-options.js';
