import type { PictureInput } from '../images/index.js';
import { flag, named, number, type OptionsOf } from '../options/index.js';

const share = { from: 0, to: 100, value: '0…100' } as const;

/** How much of the noise is taken away, and where. */
export const removalOptions = {
  /**
   * From 0, which gives the picture's own pixels exactly, to 100, all that the network takes away. Default: by the noise
   * that is measured; nothing where none is seen, all where it is plain.
   */
  strength: number({ ...share, words: 'how much noise to remove', usual: 'as measured' }),
  /** How much of that for the noise of brightness, 0 to 100; default 100. */
  luma: number({ ...share, default: 100, words: 'share of that in brightness' }),
  /** How much of that for the noise of colour, 0 to 100; default 100. */
  chroma: number({ ...share, default: 100, words: 'share of that in colour' }),
  /**
   * How much of what may be detail is given back, from 0, nothing, to 100; default 50. More keeps texture, and noise with
   * it.
   */
  detail: number({ ...share, default: 50, words: 'how much detail to restore' }),
  /** A grey picture of the same size that scales the strength: white takes away, black leaves alone. */
  mask: named<PictureInput>({
    expected: 'a picture',
    words: 'grey picture: white denoises, black does not',
  }),
  /**
   * The network's answer as it is: noise is not measured, clean pictures are not left alone, colours are not held. For
   * comparing networks, not for photographs. Default false.
   */
  bare: flag({ default: false, words: "the network's own answer, unguarded" }),
};

/** How much of the noise is taken away, and where. Every field has a default: what is natural for the picture. */
export type RemovalOptions = OptionsOf<typeof removalOptions>;
