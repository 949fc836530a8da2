import { callOptions } from '../../apply/options.js';
import { searchOptions } from '../../images/options.js';
import { list, type OptionsOf, overwriteOptions, path, text } from '../../options/index.js';
import { ilNiqeFitOptions, niqeFitOptions } from '../../quality/options.js';

/** Options of `trainNiqe`. */
export const trainNiqeOptions = {
  ...callOptions,
  /** Good pictures of one kind, a hundred or more: files, globs or folders. */
  pictures: list(path({ words: '' }), {
    ...{ expected: 'files, patterns or folders', required: true, words: 'good pictures' },
  }),
  /** The model's file, safetensors. */
  output: path({ short: 'o', required: true, words: 'the model, .safetensors' }),
  ...overwriteOptions,
  /** Also look for pictures in the folders inside folders. */
  recursive: searchOptions.recursive,
  sharpness: niqeFitOptions.sharpness,
  /** Under which terms the model may be used; kept in its file. Default `unknown`. */
  licence: text({ default: 'unknown', words: 'licence stored in the model' }),
};

/** Options of `trainIlNiqe`. */
export const trainIlNiqeOptions = {
  ...trainNiqeOptions,
  components: ilNiqeFitOptions.components,
};

/** Options of {@link trainNiqe}. */
export interface TrainNiqeOptions extends OptionsOf<typeof trainNiqeOptions> {}

/** Options of {@link trainIlNiqe}. */
export interface TrainIlNiqeOptions extends OptionsOf<typeof trainIlNiqeOptions> {}
