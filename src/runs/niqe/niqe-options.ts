import { callOptions } from '../../apply/options.js';
import { flag, list, number, type OptionsOf, path, text } from '../../options/index.js';

/** Options of `trainNiqe`. */
export const trainNiqeOptions = {
  ...callOptions,
  /** Good pictures of one kind, a hundred or more: files, globs or folders. */
  pictures: list(path({ words: '' }), {
    ...{ expected: 'files, patterns or folders', required: true, words: 'good pictures' },
  }),
  /** The model's file, safetensors. */
  output: path({ short: 'o', required: true, words: 'the model, .safetensors' }),
  /** Whether an existing file may be replaced; default false. */
  overwrite: flag({ short: 'y', default: false, words: 'replace an existing file' }),
  /** Also look for pictures in the folders inside folders. */
  recursive: flag({ short: 'r', default: false, words: 'search subfolders too' }),
  /** Only patches are taken whose sharpness is more than this share of their picture's sharpest; default as in the originals. */
  sharpness: number({
    ...{ from: 0, below: 1, value: 'SHARE', usual: 'as in the originals' },
    words: 'use patches sharper than this share of the sharpest',
  }),
  /** Under which terms the model may be used; kept in its file. Default `unknown`. */
  licence: text({ default: 'unknown', words: 'licence stored in the model' }),
};

/** Options of `trainIlNiqe`. */
export const trainIlNiqeOptions = {
  ...trainNiqeOptions,
  /** Which share of the principal components is kept; default 0.92. */
  components: number({
    ...{ above: 0, to: 1, value: 'SHARE', default: 0.92 },
    words: 'share of the principal components to keep',
  }),
};

/** Options of {@link trainNiqe}. */
export interface TrainNiqeOptions extends OptionsOf<typeof trainNiqeOptions> {}

/** Options of {@link trainIlNiqe}. */
export interface TrainIlNiqeOptions extends OptionsOf<typeof trainIlNiqeOptions> {}
