export type { CompareOptions } from './compare-options.js';
export { type ClipIqaOptions, openClipIqa } from './clip-iqa/open-clip-iqa.js';
export type { PromptText } from './clip-iqa/prompt-tokens.js';
export {
  compare,
  type Comparison,
  type PairOutcome,
  type PicturePairInput,
  openComparison,
  type PairScores,
} from './compare.js';
export type { LongSide } from './critic/long-side.js';
export type { OpenCritic } from './critic/open-critic.js';
export type { BurstOptions } from './culling/burst-options.js';
export { cull, type CulledBurst, type CulledPicture } from './culling/cull.js';
export {
  type BurstPicture,
  findBursts,
  type FoundBursts,
} from './culling/find-bursts.js';
export {
  bestFirst,
  type RankedPicture,
  rankPictures,
  scoreOf,
  type Scores,
  worseThan,
} from './culling/rank-pictures.js';
export { openDists } from './dists/open-dists.js';
export * from './choices.js';
export { openLpips } from './lpips/open-lpips.js';
export type { DistanceOptions, PictureDistance } from './distances/picture-distance.js';
export type { LossName, LossOptions } from './option-tables.js';
export { type LossAndGradient, type OpenLoss, openLoss, type PictureBatch } from './loss/open-loss.js';
export {
  measureOf,
  openMeasure,
  type OpenMeasure,
  type ScoreOutcome,
} from './open-measure.js';
export type { MeasureOptions, ScoreOptions, ScorePicturesOptions } from './score-options.js';
export { scorePictures } from './score-pictures.js';
export { type Score, score } from './score.js';
export type { ScoredPicture, ScoredPictures, UnscoredPicture } from './scored-pictures.js';
export { openScorer, type PictureQuality, type Scorer, type ScorerOptions } from './revela/open-scorer.js';
export { JUDGES, judgesFormats } from './sfd-iqa/judges-file.js';
export type { CalibratedTerms } from './sfd-iqa/judges-metadata.js';
export type { CalibrateSfdIqaOptions } from './sfd-iqa/calibration-options.js';
export { sfdCombinations } from './sfd-iqa/sfd-iqa-facts.js';
export {
  calibrateSfdIqa,
  openSfdIqa,
  type SfdIqaOptions,
} from './sfd-iqa/open-sfd-iqa.js';
