import { type OptionsOf, text } from '../../options/index.js';

/** How columns of a table of opinions are chosen. */
export const opinionColumns = {
  /** The title of the column of names; default: the one that is titled `file`, `image`, `name` or the like. */
  nameColumn: text({ value: 'TITLE', words: 'column of pictures', usual: 'file, image, name …' }),
  /** The title of the column of scores; default: the one that is titled `mos`, `score` or the like. */
  scoreColumn: text({ value: 'TITLE', words: 'column of opinions', usual: 'MOS, score …' }),
};

/** How columns are chosen. */
export type OpinionColumns = OptionsOf<typeof opinionColumns>;
