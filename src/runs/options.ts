// A door of its own: the options that this room declares, for help, without loading what does the work.
export { trainIlNiqeOptions, trainNiqeOptions } from './niqe/niqe-options.js';
export { denoiserParts, trainDenoiserOptions } from './denoiser/denoiser-options.js';
export { runFolderOptions, runOptions } from './run-options.js';
export { scorerParts, trainScorerOptions } from './scorer/scorer-options.js';
export { distillOptions, distillParts } from './student/distill-options.js';
export { trainUpscalerOptions, upscalerParts } from './upscaler/upscaler-options.js';
