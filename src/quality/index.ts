export type { PlanarPicture } from './eight-bit.js';
export { lumaOf } from './luma.js';
export { type PsnrOptions, psnr } from './psnr.js';
export { ssim } from './ssim.js';
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
