// A door of its own: the options that this room declares, for help, without loading what does the work.
export {
  applyingOptions,
  countOptions,
  denoiseOptions,
  detailOptions,
  openDenoiserOptions,
} from './denoise/denoise-options.js';
