import { unflagged, whole } from '../options/index.js';

/** How many pictures are to come. */
export const countOptions = {
  /** How many pictures are to come, for the progress; default: those that are learnt from, or 1. */
  pictures: unflagged(whole({ from: 0, words: 'how many pictures are to come, for the progress' })),
};
