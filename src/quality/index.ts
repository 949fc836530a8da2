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
export { checkSameSize, eightBitPlanes, type PlanarPicture } from './eight-bit.js';
export { lumaOf } from './luma.js';
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
export { withoutBorder } from './border.js';
export { msSsimLoss, psnrLoss, ssimLoss } from './similarity-losses.js';
export { type Agreement, type AgreementOptions, agreement, type Estimate } from './agreement.js';
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
