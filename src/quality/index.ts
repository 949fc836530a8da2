export { checkSameSize, eightBitPlanes, type PlanarPicture } from './eight-bit.js';
export { lumaOf } from './luma.js';
export { type PsnrOptions, psnr } from './psnr.js';
export { ssim, type SsimOptions, type SsimWindow } from './ssim.js';
export { MS_SSIM_LEAST_SIDE, msSsim, msSsimWeights } from './ms-ssim.js';
export { withoutBorder } from './border.js';
export { msSsimLoss, psnrLoss, ssimLoss } from './similarity-losses.js';
export { type Agreement, type AgreementOptions, agreement, type Estimate } from './agreement.js';
export { type LogisticParameters, logistic } from './logistic.js';
export { kendall, pearson, ranksOf, spearman } from './ranks.js';
export type { QualityMeasure } from './measure.js';
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
  type FeatureMeasure,
  type PixelMeasure,
  type ReferenceMeasure,
  referenceMeasures,
} from './reference-measures.js';
