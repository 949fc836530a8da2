import type { RevelaError } from '../errors.js';
import { given, number, type OptionsOf } from '../options/plain.js';

/** How NIQE's model of good photographs is fitted. */
export const niqeFitOptions = {
  /**
   * Only patches are taken whose sharpness is more than this share of their picture's sharpest; default as in the original programs:
   * 0.75 for NIQE, 0.78 for IL-NIQE.
   */
  sharpness: number({
    ...{ from: 0, below: 1, value: 'SHARE', usual: 'as in the originals' },
    words: 'use patches sharper than this share of the sharpest',
  }),
  /** Is told of each picture that was left out, and why. Default: such a picture ends the fit with its error. */
  onSkip: given<(error: RevelaError, index: number) => void>('function', {
    ...{ expected: 'a function', words: 'is told of each picture that was left out' },
  }),
};

/** Options of {@link fitNiqeModel}. */
export interface NiqeFitOptions extends OptionsOf<typeof niqeFitOptions> {}

/** How IL-NIQE's model of good photographs is fitted. */
export const ilNiqeFitOptions = {
  ...niqeFitOptions,
  /** Which share of the principal components is kept; default 0.92, which leaves 430 of 468. */
  components: number({
    ...{ above: 0, to: 1, value: 'SHARE', default: 0.92 },
    words: 'share of the principal components to keep',
  }),
};

/** Options of {@link fitIlNiqeModel}. */
export interface IlNiqeFitOptions extends OptionsOf<typeof ilNiqeFitOptions> {}
