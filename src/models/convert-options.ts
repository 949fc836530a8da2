import { flag, type OptionsOf, overwriteOptions } from '../options/index.js';

/** Options of `convertWeights`. */
export const convertOptions = {
  /** Whether a network that is learnt in another form than it is used in is written in the latter. Default: false. */
  fold: flag({
    ...{ default: false, words: 'write a network trained in branches, such as SPAN, as plain convolutions' },
  }),
  ...overwriteOptions,
};

/** How weights are converted. */
export interface ConvertOptions extends OptionsOf<typeof convertOptions> {}
