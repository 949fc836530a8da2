import { callOptions } from '../apply/options.js';
import { given, oneOrMore, type OptionsOf, path, whole } from '../options/index.js';

const { signal } = callOptions;

/** Which of many pictures are taken. */
export const selectionOptions = {
  /** Takes only every so manyth, the first one included; default 1, all. */
  every: whole({ from: 1, default: 1, words: 'use every Nth' }),
  /** Takes at most so many, the first ones of those that `every` leaves; default: all. */
  limit: whole({ from: 1, words: 'use at most N', usual: 'all' }),
  /** Stops between two pictures. */
  signal,
  /** Gets a line for what folders and patterns leave out. */
  onLeftOut: given<(line: string) => void>('function', {
    expected: 'a function',
    words: 'gets a line for what folders and patterns leave out',
  }),
};

/** Which of many pictures are taken. */
export interface Selection extends OptionsOf<typeof selectionOptions> {}

const place = path({ words: '' });
const many = { value: 'PATH...', expected: 'folders, files or patterns' } as const;

/** Options of `findPairs`. */
export const findPairsOptions = {
  ...selectionOptions,
  /** Folders, files or patterns. */
  noisy: oneOrMore(place, { ...many, required: true, words: 'folders, files or patterns' }),
  /** Folders, files or patterns. */
  clean: oneOrMore(place, { ...many, required: true, words: 'the same, paired by name' }),
};

/** Options of {@link findPairs}. */
export interface FindPairsOptions extends OptionsOf<typeof findPairsOptions> {}

/** Options of `findLargePictures`. */
export const findLargeOptions = {
  ...selectionOptions,
  /** Pictures of good quality: folders, files or patterns. */
  large: oneOrMore(place, { ...many, required: true, words: 'large pictures' }),
  /** The same pictures small, by their names; default: made of the large ones by MATLAB's bicubic. */
  small: oneOrMore(place, {
    ...{ value: 'PATH', expected: 'folders, files or patterns' },
    ...{ words: 'small pictures, paired by name', usual: 'by bicubic' },
  }),
  /** How many times smaller the small ones are; default 4. */
  scale: whole({ from: 1, to: 8, default: 4, words: 'how many times smaller the small ones are' }),
  /** Pixels that are not measured on every side; default: as many as the scale. */
  border: whole({
    ...{ from: 0, to: 1000, value: 'PIXELS', unit: 'pixels', usual: 'the scale' },
    words: 'pixels left out on every side',
  }),
};

/** Options of {@link findLargePictures}. */
export interface FindLargeOptions extends OptionsOf<typeof findLargeOptions> {}
