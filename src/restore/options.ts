// A door of its own: the options that this room declares, for help, without loading what does the work.
export { countOptions } from './count-options.js';
export { degradeOptions } from './degrade-options.js';
export {
  applyingOptions,
  denoiseOptions,
  detailOptions,
  openDenoiserOptions,
} from './denoise/denoise-options.js';
export { upscaleOptions } from './upscale/upscale-options.js';
