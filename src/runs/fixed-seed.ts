/** The seed of what is drawn for measuring: the same in all runs, so that these compare. */
export const fixedSeed = 0x5eed;
