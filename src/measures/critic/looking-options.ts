import type { MeasureOption } from '../measure-option.js';
import type { LongSide } from './judged-picture.js';

const longSide: MeasureOption<LongSide> = {
  form: { kind: 'pixels', least: 32, multiple: 1, word: 'full' },
  words: 'reduce to this, or full',
  placeholder: 'PIXELS',
  usual: '1024',
};

const tile: MeasureOption<number> = {
  form: { kind: 'pixels', least: 32, multiple: 32 },
  words: 'largest side of the tiles that large pictures are seen in',
  placeholder: 'PIXELS',
  usual: '1024',
  hidden: true,
  idle: true,
};

/** How measures that look through CLIP look at pictures. */
export const lookingOptions = {
  /**
   * `clip-iqa` and `sfd-iqa`: pictures with a longer side are made smaller first; `full`: none, as the paper has it. Default
   * 1024, or what a file of discriminators was measured at.
   */
  longSide,
  /** `clip-iqa` and `sfd-iqa`: largest side of the tiles that large pictures are seen in, a multiple of 32; default 1024. Scores do not depend on it. */
  tile,
};

/** What they refuse to judge. */
export const refusedByClip = {
  smallest: { width: 32, height: 32 },
  refuses: 'pictures of one colour',
} as const;
