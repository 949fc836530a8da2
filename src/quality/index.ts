export { brisque, brisqueMeasure } from './brisque.js';
export { type BrisqueOptions, brisqueFeatures } from './brisque-features.js';
export { type BrisqueModel, readBrisqueModel } from './brisque-model.js';
export type { PlanarPicture } from './eight-bit.js';
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
export { ssim } from './ssim.js';
