/**
 * The measures that are arithmetic alone: a door beside index.ts, so that whoever computes a PSNR loads no network and no reader
 * of weights.
 */
export { agreement, type Agreement, type Estimate } from './agreement/agreement.js';
export { type LogisticParameters, logistic } from './agreement/logistic.js';
export { kendall, pearson, ranksOf, spearman } from './agreement/ranks.js';
export type {
  AgreementOptions,
  IlNiqeOptions,
  LpipsOptions,
  PsnrOptions,
  SsimOptions,
  SsimWindow,
} from './arithmetic-options.js';
export { brisque, brisqueMeasure, type BrisqueModel } from './brisque/brisque.js';
export type { Planes } from '../pixels/index.js';
export { ilNiqe, ilNiqeMeasure, type IlNiqeModel } from './il-niqe/il-niqe.js';
export { lumaOf } from './luma.js';
export type { QualityMeasure } from './measure.js';
export { niqe, niqeMeasure, type NiqeModel } from './niqe/niqe.js';
export { withoutBorder } from './reference/border.js';
export { msSsim } from './reference/ms-ssim.js';
export { psnr } from './reference/psnr.js';
export { ssim } from './reference/ssim.js';
