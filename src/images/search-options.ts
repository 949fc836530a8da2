import { flag, given, oneOrMore, type OptionsOf, path, text } from '../options/index.js';
import type { Shard } from './shard.js';

/** How folders are looked through. */
export const searchOptions = {
  /** Whether folders inside of the folders are searched too; default false. */
  recursive: flag({ short: 'r', default: false, words: 'search subfolders too' }),
  /**
   * Ends of names, without the extension, of results of earlier runs, which are left out: of all files in folders and by
   * patterns, and where several files are named, of those beside the picture that they were made of.
   */
  exceptSuffix: oneOrMore(text({ words: '' }), {
    ...{ expected: 'ends of names', words: 'leave out results of earlier runs, by the ends of their names' },
  }),
  /** A folder that is not searched where it lies inside of one that is: results of earlier runs. */
  exceptFolder: path({ words: 'a folder that is not searched' }),
};

/** Options of {@link searchPictures}. */
export interface SearchOptions extends OptionsOf<typeof searchOptions> {}

/** Options of `findPictures`. */
export const findOptions = {
  ...searchOptions,
  /**
   * Takes one share of the pictures, for as many processes that need not know of each other: shares have no picture in common, and
   * together are all. Which one a picture belongs to depends on its place in its folder alone.
   */
  shard: given<Shard>('object', {
    expected: 'a share: { index, count }',
    words: 'one share of the pictures',
  }),
  /** Gets a line for what was left out; nothing where all was taken. */
  onLeftOut: given<(line: string) => void>('function', {
    ...{ expected: 'a function', words: 'gets a line for what was left out' },
  }),
};

/** Options of {@link findPictures}. */
export interface FindOptions extends OptionsOf<typeof findOptions> {}
