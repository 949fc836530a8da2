export { type ClipIqaOptions, openClipIqa, type PromptText } from './clip-iqa/clip-iqa.js';
export {
  compare,
  type CompareOptions,
  type Comparison,
  type PairOutcome,
  type PicturePairInput,
  openComparison,
  type PairScores,
  referenceMeasuresNamed,
} from './compare.js';
export type { LongSide } from './critic/judged-picture.js';
export type { QualityScorer } from './critic/quality-scorer.js';
export { burstDefaults, type BurstOptions } from './culling/burst-options.js';
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
export { openDists } from './distances/open-dists.js';
export { openLpips } from './distances/open-lpips.js';
export type { DistanceOptions, PictureDistance } from './distances/picture-distance.js';
export { type LossName, lossNames, type LossOptions } from './loss/loss-programs.js';
export { type LossAndGradient, type OpenLoss, openLoss, type PictureBatch } from './loss/open-loss.js';
export { defaultMeasure, type MeasureName, measureNamed, measureNames, measures } from './measures.js';
export {
  type BrisqueFiles,
  measureOf,
  measureOptionNames,
  type MeasureOptions,
  openMeasure,
  type OpenMeasure,
  type ScoreOutcome,
} from './open-measure.js';
export {
  type ScoredPicture,
  type ScoredPictures,
  scorePictures,
  type ScorePicturesOptions,
  settledMetrics,
  type UnscoredPicture,
} from './score-pictures.js';
export { type Score, score, type ScoreOptions } from './score.js';
export { openScorer, type PictureQuality, type Scorer, type ScorerOptions } from './scorer/open-scorer.js';
export { JUDGES, judgesFormats } from './sfd-iqa/judges-file.js';
export type { ScorerStatistics } from './sfd-iqa/judges-metadata.js';
export {
  calibrateSfdIqa,
  type CalibrateSfdIqaOptions,
  openSfdIqa,
  type SfdIqaOptions,
} from './sfd-iqa/sfd-iqa.js';
