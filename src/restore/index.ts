export { DEFAULT_MINUTES } from './adapt/adapt.js';
export { checkDegradable, degrade, type DegradeOptions } from './degrade.js';
export { denoise, type DenoiseOptions, type Denoising, openDenoising } from './denoise/denoise.js';
export { shippedUpscalers, type Upscalers } from './upscale/choose-upscaler.js';
export { enlargedSize, settleScale } from './upscale/enlarged-size.js';
export { openUpscaling, upscale, type UpscaleOptions, type Upscaling } from './upscale/upscale.js';
