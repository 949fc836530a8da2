import { type OptionsOf, path, whole } from '../options/index.js';

const spacing = {
  /** Steps between two validations; default: about twenty times in all. */
  validateEvery: whole({ from: 1, value: 'STEPS', words: 'steps between validations', usual: '20 in all' }),
};

/** What a denoiser is measured on. */
export const pairValidationOptions = {
  /** Noisy pictures to measure on, which are not trained on: a folder, file or glob. */
  validationNoisy: path({ value: 'PATH', words: 'noisy pictures to measure on', usual: 'training patches' }),
  /** The clean pictures that belong to them, by their names. */
  validationClean: path({ value: 'PATH', words: 'clean ones, paired by name', usual: 'none' }),
  ...spacing,
};

/** What a new run is told of what it is measured on. */
export interface ValidationOptions extends OptionsOf<typeof pairValidationOptions> {}

/** What is measured on good pictures alone. */
export const goodValidationOptions = {
  /** Good pictures to measure on, which are not learnt from: a folder, file or glob. */
  validation: path({ value: 'PATH', words: 'good pictures to measure on' }),
  ...spacing,
};
