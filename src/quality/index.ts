export {
  type AgreementOptions,
  type HeatMapOptions,
  type IlNiqeOptions,
  type LpipsNetwork,
  lpipsNetworks,
  type PsnrOptions,
  type SsimOptions,
  type SsimWindow,
} from './arithmetic-options.js';
export type { IlNiqeFitOptions, NiqeFitOptions } from './fit-options.js';
export { brisque, brisqueMeasure, type BrisqueModel } from './brisque/brisque.js';
export { brisqueFeatures } from './brisque/brisque-features.js';
export { readBrisqueModel } from './brisque/brisque-model.js';
export type { GaussianModel } from './statistics/gaussian-model.js';
export { ilNiqe, ilNiqeMeasure, type IlNiqeModel } from './il-niqe/il-niqe.js';
export {
  fitIlNiqeModel,
  readIlNiqeModel,
  writeIlNiqeModel,
} from './il-niqe/il-niqe-model.js';
export { checkSameSize, eightBitPlanes, measuredBits } from './eight-bit.js';
export { lumaOf } from './luma.js';
export { type Closeness, findCloseness, findLumaCloseness } from './reference/closeness.js';
export type { QualityMeasure } from './measure.js';
export { niqe, niqeMeasure, type NiqeModel } from './niqe/niqe.js';
export {
  fitNiqeModel,
  readNiqeModel,
  writeNiqeModel,
} from './niqe/niqe-model.js';
export { psnr } from './reference/psnr.js';
export { ssim } from './reference/ssim.js';
export { MS_SSIM_LEAST_SIDE, msSsim, msSsimWeights } from './reference/ms-ssim.js';
export { withinRange } from './within-range.js';
export { withoutBorder } from './reference/border.js';
export { msSsimLoss, psnrLoss, ssimLoss } from './reference/similarity-losses.js';
export {
  type Agreement,
  agreement,
  type Estimate,
  LEAST_PICTURES,
} from './agreement/agreement.js';
export { type LogisticParameters, logistic } from './agreement/logistic.js';
export { kendall, pearson, ranksOf, spearman } from './agreement/ranks.js';
export {
  lpips,
  type LpipsBackbone,
  lpipsBackbones,
  lpipsHeadShapes,
  lpipsLoss,
  lpipsMaps,
  type LpipsParameters,
} from './reference/lpips.js';
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
} from './reference/dists.js';
export { type AntonymPair, clipIqa, clipIqaPairs } from './clip-iqa/clip-iqa.js';
export {
  type ClipLook,
  type ClipLookConfig,
  type ClipLookParameters,
  lookThroughClip,
  reachOfLook,
} from './clip-iqa/clip-look.js';
export { heatMap } from './map/heat-map.js';
export {
  coverageOf,
  type Grid,
  meanGrid,
  qualitiesOf,
  type QualityMap,
  shownPart,
} from './map/quality-map.js';
export {
  promptLogitsOf,
  seenResized,
  sfdIqa,
  type SfdIqaConfig,
  type SfdIqaParameters,
  sfdTermsOf,
} from './sfd-iqa/sfd-iqa.js';
export {
  lookThroughBackbone,
  semanticIqa,
  type SemanticLook,
  type SemanticLookConfig,
  type SemanticLookParameters,
} from './sfd-iqa/semantic-look.js';
export {
  combineTerms,
  type SfdCombination,
  type SfdRule,
  sfdRuleDefault,
  type SfdStatistics,
  type SigmoidPlace,
  statisticsOf,
  termsOfRule,
  type TermStatistics,
} from './sfd-iqa/sfd-rule.js';
export { type SfdTermName, sfdTermNames, type SfdTerms } from './sfd-iqa/sfd-terms.js';
export * from './scorer/index.js';
