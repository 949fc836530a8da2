import { flag, type OptionsOf, overwriteOptions, text } from '../../options/index.js';

/** Options of `exportDenoiser`. */
export const exportDenoiserOptions = {
  /** How the model denoises; default: the method that the weights were trained by. */
  method: text({ value: 'NAME', words: 'how the model denoises', usual: 'as it was trained' }),
  /** The method's second pass over its result; default true. */
  enhance: flag({ words: "the method's second pass", usual: 'on', off: 'without the second pass' }),
  ...overwriteOptions,
};

/** Options of {@link exportDenoiser}. */
export interface ExportOptions extends OptionsOf<typeof exportDenoiserOptions> {}

/** Options of `exportUpscaler`. */
export const exportUpscalerOptions = { ...overwriteOptions };

/** Options of {@link exportUpscaler}. */
export interface ExportUpscalerOptions extends OptionsOf<typeof exportUpscalerOptions> {}
