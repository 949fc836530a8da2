import {
  flag,
  given,
  list,
  number,
  type OptionsOf,
  overwriteOptions,
  path,
  text,
  whole,
} from '../../options/index.js';
import type { Downloading } from './downloading.js';
import type { ListedModel } from './known-models.js';

/** Where models are kept, and which are known. */
export const storeOptions = {
  /** The folder of the store; made when something is put into it. */
  folder: path({ value: 'FOLDER', required: true, words: 'folder of the models' }),
  /** The models that can be downloaded; default: those that Revela knows. */
  models: list(given<ListedModel>('object', { expected: 'a model', words: '' }), {
    ...{ expected: 'models', words: 'the models that can be downloaded', usual: 'those that Revela knows' },
  }),
};

/** Where models are kept, and which are known. */
export interface StoreOptions extends OptionsOf<typeof storeOptions> {}

/** What a download tells about itself while it runs. */
export type DownloadProgress = Downloading | { readonly kind: 'note'; readonly message: string };

const signal = given<AbortSignal>('object', { expected: 'a signal', words: 'stops the work' });

/** How a file is downloaded. */
export const downloadOptions = {
  /** Stops the download; what came is kept. */
  signal,
  onProgress: given<(progress: DownloadProgress) => void>('function', {
    ...{ expected: 'a function', words: 'hears how far it is' },
  }),
  /** How often a download that broke off is taken up again before it is given up; default 4. */
  retries: whole({ from: 0, to: 1000, default: 4, words: 'retries of an interrupted download' }),
  /** After how many seconds without a byte, or with fewer than 1,024 a second, a server counts as gone; default 60. */
  patience: number({
    ...{ above: 0, to: 1e6, default: 60, unit: 'seconds' },
    words: 'until a silent server counts as gone',
  }),
  /** Seconds before the first new attempt, doubled each time, at most 30; default 1. */
  pause: number({
    ...{ from: 0, to: 1e6, default: 1, unit: 'seconds' },
    words: 'before the first new attempt',
  }),
};

/** How a file is downloaded. */
export interface DownloadOptions extends OptionsOf<typeof downloadOptions> {}

/** How a model is pulled. */
export const pullOptions = {
  ...{ ...storeOptions, ...downloadOptions },
  /** Whether to do without the network: only what is there is given. Default: false. */
  offline: flag({
    ...{ default: false, words: 'only check that the models are there; also by REVELA_OFFLINE' },
  }),
  /** Whether to take a model of which no SHA-256 is known, as it comes. Default: false. */
  unverified: flag({ default: false, words: 'accept models without a known SHA-256' }),
};

/** How a model is pulled. */
export interface PullOptions extends OptionsOf<typeof pullOptions> {}

/** How a file is registered. */
export const addOptions = {
  ...storeOptions,
  /**
   * What to call it. Default: the name of the known model that the file is by its hash, otherwise the file's own without
   * its extension.
   */
  name: text({ value: 'NAME', words: 'its name', usual: 'the known model with its hash, or its file name' }),
  /** Whether to copy the file into the store. Default: false, it stays where it is and must stay there. */
  copy: flag({ default: false, words: 'copy the file into the folder' }),
  /** Whether to replace a model of that name. Default: false. */
  overwrite: overwriteOptions.overwrite,
  signal,
};

/** How a file is registered. */
export interface AddOptions extends OptionsOf<typeof addOptions> {}
