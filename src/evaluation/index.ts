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
  findLargePictures,
  type LargePicture,
  type LargePictures,
} from './find-large-pictures.js';
export { type CheckedPair, findPairs, type FoundPairs } from './find-pairs.js';
export type { FindLargeOptions, FindPairsOptions } from './finding-options.js';
export type { EvaluateQualityOptions, JudgedPicture } from './quality-options.js';
export type { EvaluateDenoiserOptions, EvaluateUpscalerOptions } from './evaluation-options.js';
