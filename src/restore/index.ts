export { DEFAULT_MINUTES } from './adapt/adapt.js';
export { checkDegradable, degrade } from './degrade.js';
export type { DegradeOptions } from './degrade-options.js';
export {
  denoise,
  type Denoiser,
  openDenoiser,
} from './denoise/denoise.js';
export { loadPlugIn, plugInTools } from './load-plug-in.js';
export type { ImageOutcome } from './image-outcomes.js';
export { shippedUpscalers, type Upscalers } from './upscale/shipped-upscalers.js';
export { enlargedSize, settleScale } from './upscale/enlarged-size.js';
export type { UpscaleOptions } from './upscale/upscale-options.js';
export { openUpscaler, upscale, type Upscaler } from './upscale/upscale.js';
export type { ApplyingOptions, DenoiseOptions, OpenDenoiserOptions } from './denoise/denoise-options.js';
