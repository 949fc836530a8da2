export type { PlanarPicture } from './eight-bit.js';
export { lumaOf } from './luma.js';
export { type PsnrOptions, psnr } from './psnr.js';
export { ssim } from './ssim.js';
export * from './scorer/index.js';
