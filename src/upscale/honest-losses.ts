import { type LpipsNetwork, lpipsLoss } from '../quality/index.js';
import type { Tensor, TensorRecord } from '../tensor/index.js';
import { groupOf, l1Loss } from '../tensor/index.js';
import { detailLoss } from './detail-loss.js';
import { gridLoss } from './grid-loss.js';
import { perceptualLoss } from './perceptual-loss.js';

/** How an upscaler's result is compared with the truth: losses that nobody can deceive. */
export interface HonestLosses {
  /** Weight of the mean absolute error. */
  readonly pixel: number;
  /** Weight of the perceptual loss; 0 where there is no VGG19. */
  readonly perceptual: number;
  /** Weight of how much detail there is at each place ({@link detailLoss}); left out: it is not measured. */
  readonly detail?: number;
  /** Weight of errors that repeat with the grid of the small picture ({@link gridLoss}); left out: they are not measured. */
  readonly grid?: number;
  /** LPIPS: the network that it looks through, and its weight; left out: it is not measured. */
  readonly lpips?: { readonly network: LpipsNetwork; readonly weight: number };
}

/** The pixels alone. */
export const pixelsAlone: HonestLosses = { pixel: 1, perceptual: 0 };

/** The groups of the networks that these losses look through, among what nobody learns. */
export const honestFrozen = { vgg: 'vgg', lpips: 'lpips', lpipsHeads: 'lpips-heads' } as const;

/** A loss, and what it counts. */
export interface WeighedLoss {
  readonly name: 'pixel' | 'detail' | 'grid' | 'perceptual' | 'lpips';
  readonly loss: Tensor;
  readonly weight: number;
}

/**
 * The losses of what was made: the mean absolute error first, and those through networks after it, where there are any.
 *
 * @param frozen the networks, by `group/key`, under the groups of {@link honestFrozen}
 * @param scale how many times as high and wide as the small picture
 * @param made and truth `[batch, 3, height, width]`; what lies outside of [0, 1] is not clamped
 *
 * @example
 * const terms = honestTerms({ pixel: 1, perceptual: 0, lpips: { network: 'squeeze', weight: 0.1 } }, frozen, made, truth, 4);
 */
export function honestTerms(
  { pixel, detail = 0, grid = 0, perceptual, lpips }: HonestLosses,
  frozen: TensorRecord,
  made: Tensor,
  truth: Tensor,
  scale: number,
): readonly WeighedLoss[] {
  const terms: WeighedLoss[] = [{ name: 'pixel', loss: l1Loss(made, truth), weight: pixel }];
  if (detail !== 0) terms.push({ name: 'detail', loss: detailLoss(made, truth), weight: detail });
  if (grid !== 0) terms.push({ name: 'grid', loss: gridLoss(made, truth, scale), weight: grid });
  if (perceptual !== 0)
    terms.push({
      name: 'perceptual',
      loss: perceptualLoss(groupOf(frozen, honestFrozen.vgg), made, truth),
      weight: perceptual,
    });
  if (lpips !== undefined && lpips.weight !== 0) {
    const parameters = {
      backbone: groupOf(frozen, honestFrozen.lpips),
      heads: groupOf(frozen, honestFrozen.lpipsHeads),
    };
    terms.push({
      name: 'lpips',
      loss: lpipsLoss(lpips.network, parameters, made, truth),
      weight: lpips.weight,
    });
  }
  return terms;
}
