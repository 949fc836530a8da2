// What of this room runs on any platform.
export { type LpipsNetwork, lpipsNetworks } from './arithmetic-options.js';
export { checkSameSize, eightBitPlanes } from './eight-bit.js';
export { lumaOf } from './luma.js';
export { heatColours } from './map/heat-colours.js';
export type { QualityMap } from './map/quality-map.js';
export { niqe } from './niqe/niqe.js';
export {
  lpipsBackbones,
  lpipsHeadShapes,
  lpipsMaps,
} from './reference/lpips.js';
export { msSsim } from './reference/ms-ssim.js';
export { psnr } from './reference/psnr.js';
export { msSsimLoss, psnrLoss, ssimLoss } from './reference/similarity-losses.js';
export { ssim } from './reference/ssim.js';
export * from './scorer/score-rule.js';
export { type ScorerViews, scorerViews } from './scorer/views.js';
