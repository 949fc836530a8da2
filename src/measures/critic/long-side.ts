/** The longest side at which pictures are looked at: pixels, or `full` for all of them. */
export type LongSide = number | 'full';

/** Beyond this, places and patterns of CLIP's training are far away. *Inferred* for SFD-IQA. */
export const longSideDefault = 1024;

/** The side of tiles. */
export const tileDefault = 1024;
