export { brisque, brisqueMeasure } from './brisque.js';
export { brisqueFeatures } from './brisque-features.js';
export { type BrisqueModel, readBrisqueModel } from './brisque-model.js';
export type { GaussianModel } from './gaussian-model.js';
export { ilNiqe, ilNiqeMeasure } from './il-niqe.js';
export {
  fitIlNiqeModel,
  type IlNiqeFitOptions,
  type IlNiqeModel,
  readIlNiqeModel,
  writeIlNiqeModel,
} from './il-niqe-model.js';
export type { IlNiqeOptions } from './il-niqe-patches.js';
export { checkSameSize, eightBitPlanes, measuredBits, type PlanarPicture } from './eight-bit.js';
export { lumaOf } from './luma.js';
export { type Closeness, findCloseness, findLumaCloseness } from './closeness.js';
export type { QualityMeasure } from './measure.js';
export { niqe, niqeMeasure } from './niqe.js';
export {
  fitNiqeModel,
  type NiqeFitOptions,
  type NiqeModel,
  readNiqeModel,
  writeNiqeModel,
} from './niqe-model.js';
export { type PsnrOptions, psnr } from './psnr.js';
export { ssim, type SsimOptions, type SsimWindow } from './ssim.js';
export { MS_SSIM_LEAST_SIDE, msSsim, msSsimWeights } from './ms-ssim.js';
export { withinRange } from './within-range.js';
export { withoutBorder } from './border.js';
export { msSsimLoss, psnrLoss, ssimLoss } from './similarity-losses.js';
export {
  type Agreement,
  type AgreementOptions,
  agreement,
  type Estimate,
  LEAST_PICTURES,
} from './agreement.js';
export { type LogisticParameters, logistic } from './logistic.js';
export { kendall, pearson, ranksOf, spearman } from './ranks.js';
export {
  lpips,
  type LpipsBackbone,
  lpipsBackbones,
  lpipsHeadShapes,
  lpipsLoss,
  lpipsMaps,
  type LpipsNetwork,
  lpipsNetworks,
  type LpipsParameters,
} from './lpips.js';
export {
  type Averaging,
  dists,
  DISTS_CONSTANT,
  distsChannels,
  DISTS_LEAST_SIDE,
  distsLoss,
  type DistsParameters,
  type DistsStatistics,
  distsStatistics,
  distsStrides,
  distsWeightShapes,
  l2Pooling,
} from './dists.js';
export {
  comparedByPixels,
  type FeatureMeasure,
  type PixelMeasure,
  type ReferenceMeasure,
  referenceMeasures,
} from './reference-measures.js';
export { type AntonymPair, clipIqa, clipIqaMeasure, clipIqaPairs } from './clip-iqa.js';
export {
  type ClipLook,
  type ClipLookConfig,
  type ClipLookParameters,
  lookThroughClip,
  reachOfLook,
} from './clip-look.js';
export { type HeatMapOptions, heatMap } from './heat-map.js';
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
  lookThroughBackbone,
  semanticIqa,
  type SemanticLook,
  type SemanticLookConfig,
  type SemanticLookParameters,
} from './semantic-look.js';
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
export * from './scorer/index.js';
