export type { PlanarPicture } from './eight-bit.js';
export { type PsnrOptions, psnr } from './psnr.js';
export { ssim } from './ssim.js';
