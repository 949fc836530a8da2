import { msSsim } from './ms-ssim/ms-ssim.js';
import { psnr, psnrY } from './psnr/psnr.js';
import { ssim, ssimReduced, ssimUniform, ssimY } from './ssim/ssim.js';

/** The measures that compare by pixels, which any platform has. */
export const pixelMeasures = [psnr, psnrY, ssim, ssimY, ssimUniform, ssimReduced, msSsim] as const;
