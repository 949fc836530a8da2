import type { NoiseMeasurement } from '../denoise/index.js';
import type { Applier } from './apply-denoiser.js';

/** Another network, which is asked beside the one that denoises; opened when it is first needed. */
export type SecondNetwork = () => Promise<Pick<Applier, 'apply'>>;

/**
 * Up to this deviation of brightness, of 255, a network answers alone: of fur, rock and small letters two answers keep less than the
 * better one.
 */
const ALONE = 8;
/** From here on both count the same: of so much noise each leaves specks and ragged edges of its own. */
const EQUAL = 16;

/** How much a second network counts, 0 to 0.5, beside what a network answers of a picture with such noise. */
export function shareOfSecondNetwork({ luma }: Pick<NoiseMeasurement, 'luma'>): number {
  return Math.min(1, Math.max(0, (255 * luma - ALONE) / (EQUAL - ALONE))) / 2;
}
