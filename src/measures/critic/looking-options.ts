import { parsed, unflagged, whole } from '../../options/index.js';
import type { MeasureOption } from '../measure-option.js';
import { type LongSide, longSideDefault, tileDefault } from './long-side.js';

const pixels = whole({ from: 32, to: 65_536, words: '' });

const longSide = parsed<LongSide>(
  (typed) => (typed === 'full' ? typed : pixels.read?.(typed)),
  (value) => value === 'full' || pixels.fits(value),
  {
    ...{ value: 'PIXELS', expected: `${pixels.expected}, or full` },
    ...{ words: 'reduce to this, or full', usual: String(longSideDefault) },
  },
);

const tile = {
  ...unflagged(
    whole({
      ...{ from: 32, to: 65_536, multiple: 32, unit: 'pixels', default: tileDefault },
      words: 'largest side of the tiles that large pictures are seen in',
    }),
  ),
  idle: true,
} as const satisfies MeasureOption;

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
