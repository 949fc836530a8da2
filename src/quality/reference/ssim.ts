import { RevelaError } from '../../errors.js';
import { checked, settled } from '../../options/plain.js';
import { type SsimOptions, ssimOptions, type SsimWindow } from '../arithmetic-options.js';
import { blockMeans, type Planes } from '../../pixels/arithmetic.js';
import { channelOnBits, checkSameSize, measuredBits } from '../eight-bit.js';
import {
  gaussianWindow,
  type SimilarityWindow,
  uniformWindow,
  windowedSimilarity,
} from './windowed-similarity.js';

const windows: Readonly<Record<SsimWindow, SimilarityWindow>> = {
  gaussian: gaussianWindow,
  uniform: uniformWindow,
};

/**
 * Structural similarity (Wang et al., 2004) as the denoising papers compute it: on 8-bit values, with a Gaussian window
 * of 11×11 pixels and σ = 1.5, population covariance, only where the window lies inside the picture; the mean over the
 * positions, then over the channels. At each position
 *
 *     SSIM = (2 μa μb + c1)(2 σab + c2) / ((μa² + μb² + c1)(σa² + σb² + c2))
 *
 * 1 for equal pictures. Other windows, covariances and colour spaces give other numbers: state which with each.
 *
 * @param a `[channels, height, width]` in [0, 1], a `Picture` for one; rounded to 8 bits, or to 16 where both have them; values outside clamped
 * @param b likewise, of the same size
 * @throws RevelaError if the sizes differ, a side is shorter than the window, or a value is not a number
 *
 * @example
 * ssim(await readPicture('denoised.png'), await readPicture('clean.png')); // 0.9
 */
export function ssim(a: Planes, b: Planes, options: SsimOptions = {}): number {
  const { window, reduce } = settled(ssimOptions, checked('ssim', ssimOptions, options));
  checkSameSize('SSIM', a, b);
  const { width, height } = a;
  // MATLAB rounds halves up, as Math.round does.
  const factor = reduce ? Math.max(1, Math.round(Math.min(width, height) / 256)) : 1;
  const taps = windows[window].weights.length;
  if (Math.ceil(Math.min(width, height) / factor) < taps)
    throw new RevelaError(
      `SSIM needs pictures of at least ${taps}×${taps} pixels, these have ${width}×${height}`,
    );
  const bits = measuredBits(a, b);
  let sum = 0;
  for (let channel = 0; channel < a.channels; channel++) {
    const [p, q] = [a, b].map((picture) => {
      const whole = { width, height, data: channelOnBits(picture, channel, bits) };
      return factor === 1 ? whole : blockMeans(whole, factor);
    });
    if (p === undefined || q === undefined) break;
    sum += windowedSimilarity(p.data, q.data, p.width, p.height, windows[window]).whole;
  }
  return sum / a.channels;
}
