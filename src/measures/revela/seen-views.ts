import { calmNoise, measureNoise } from '../../denoise/index.js';
import type { Planes, Raster } from '../../pixels/index.js';
import { type ScorerViews, scorerViews } from '../../quality/anywhere.js';

/** A view, and what lies beneath its noise. */
export interface SeenView {
  readonly view: Planes;
  /** The view without most of its noise; left out where there is none. */
  readonly beneath?: Planes;
  /** What the score of the view is multiplied by: 1 without noise. */
  readonly factor: number;
}

/**
 * The score falls by e with so much noise of brightness, of values in `[0, 1]`. The smallest that orders pairs of real noisy pictures and their
 * references (`sidd5`, every eighth of `polyu`) without being felt much elsewhere (bench/quality.md).
 */
const FALL = 35 / 255;

/**
 * Cuts a picture into views: {@link scorerViews}, in this file for a thread.
 *
 * @throws RevelaError, with the reason, for a picture that cannot be judged
 */
export const cutViews = (picture: Raster, multiple: number): ScorerViews => scorerViews(picture, multiple);

/**
 * Looks beneath the noise of a view. A network that judges cannot tell noise from the detail that soft, dark and flat
 * pictures lack, so that it is shown both: the view, and the view without it. *This program's own.*
 */
export function seenView(view: Planes): SeenView {
  const noise = measureNoise(view);
  if (noise.luma === 0) return { view, factor: 1 };
  return { view, beneath: calmNoise(view, noise), factor: Math.exp(-noise.luma / FALL) };
}
