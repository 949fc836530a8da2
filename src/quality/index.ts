export type { PlanarPicture } from './eight-bit.js';
export { lumaOf } from './luma.js';
export { type PsnrOptions, psnr } from './psnr.js';
export { ssim } from './ssim.js';
export { type AntonymPair, clipIqa, clipIqaMeasure, clipIqaPairs } from './clip-iqa.js';
export {
  type ClipLook,
  type ClipLookConfig,
  type ClipLookParameters,
  lookThroughClip,
  reachOfLook,
} from './clip-look.js';
export { type HeatMapOptions, heatMap } from './heat-map.js';
export type { QualityMeasure } from './measure.js';
export { coverageOf, type Grid, meanGrid, qualitiesOf, type QualityMap, shownPart } from './quality-map.js';
export {
  promptLogitsOf,
  seenResized,
  sfdIqa,
  type SfdIqaConfig,
  sfdIqaMeasure,
  type SfdIqaParameters,
  sfdTermsOf,
} from './sfd-iqa.js';
export {
  combineTerms,
  type SfdCombination,
  sfdCombinations,
  type SfdRule,
  sfdRuleDefault,
  type SfdStatistics,
  type SigmoidPlace,
  sigmoidPlaces,
  statisticsOf,
  termsOfRule,
  type TermStatistics,
} from './sfd-rule.js';
export { type SfdTermName, sfdTermNames, type SfdTerms } from './sfd-terms.js';
