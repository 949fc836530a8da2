/** Channels of a block: as many floats as a vector register of the processor holds. */
export type Block = 8 | 16;
