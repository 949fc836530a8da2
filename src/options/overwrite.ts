import { flag } from './choice.js';

/** The option of whatever writes a file. */
export const overwriteOptions = {
  /** Replace a file that exists; default: refuse. */
  overwrite: flag({ short: 'y', default: false, words: 'replace an existing file' }),
};
