/**
 * The forms in which an image of `[batch, channels, height, width]` may lie in memory.
 *
 * - `plain`: in that order, as all other tensors lie.
 * - `blocked`: `[batch, channels / block, height, width, block]`, which the processor's vector instructions like and for which
 *   ONNX Runtime has convolutions of its own ("NCHWc"). A blocked value keeps the shape of the plain one.
 * - `phased`: blocked, first every fourth row, then every fourth from the second on,
 *   `[batch, 4, channels / block, ⌈height / 4⌉, width, block]`: how Winograd's convolutions leave it.
 * - `points`: the products of a Winograd convolution, of six of which four rows of the image are made.
 * - `transformed`: every six rows transformed for the products of Winograd convolutions.
 * - `batch-last`: `[channels, pixels, batch]`, for images of few pixels.
 */
export type Layout = 'plain' | 'blocked' | 'phased' | 'points' | 'transformed' | 'batch-last';

/** From which of its other forms a value's missing one is made; that one is made too, in its turn, where it is missing. */
export function sourceOf(missing: Layout, has: (layout: Layout) => boolean): Layout {
  const inPhases = has('phased') || has('points');
  switch (missing) {
    case 'plain':
      return has('batch-last') ? 'batch-last' : 'blocked';
    case 'blocked':
      return inPhases ? 'phased' : 'plain';
    case 'phased':
      return has('points') ? 'points' : 'blocked';
    case 'transformed':
      return inPhases ? 'phased' : 'blocked';
    case 'batch-last':
      return 'plain';
    case 'points':
      throw new Error('compile: only a convolution leaves products');
  }
}
