import { deviceOptions } from '../../apply/options.js';
import { flag, list, type OptionsOf, path } from '../../options/index.js';
import { lookingOptions } from '../critic/looking-options.js';
import { sfdSources } from './sfd-iqa-facts.js';

const { clip, backbone } = sfdSources;

/** Options of `calibrateSfdIqa`. */
export const calibrateSfdIqaOptions = {
  ...deviceOptions,
  /** A run folder of the stage sfd, or its `judges.safetensors`. */
  judges: path({ value: 'PATH', required: true, words: 'a run of an upscaler, of the stage sfd' }),
  clip,
  backbone,
  ...lookingOptions,
  /** Pictures to measure the terms on, a fixed set that nobody has judged: files, globs or folders. */
  pictures: list(path({ words: '' }), {
    ...{ expected: 'files, patterns or folders', required: true },
    words: 'pictures to measure the terms on',
  }),
  /** Also look for pictures in the folders inside folders. */
  recursive: flag({ short: 'r', default: false, words: 'search subfolders too' }),
  /** The file that is written, safetensors. */
  output: path({ short: 'o', required: true, words: 'the file, .safetensors' }),
  /** Whether an existing file may be replaced; default false. */
  overwrite: flag({ short: 'y', default: false, words: 'replace an existing file' }),
};

/** Options of {@link calibrateSfdIqa}. */
export interface CalibrateSfdIqaOptions extends OptionsOf<typeof calibrateSfdIqaOptions> {}
