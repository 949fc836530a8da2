import type { Tensor, TensorSpec, TensorValue } from '../tensor/index.js';
import { add, extent, greater, multiply, reshape, slice, where } from '../tensor/index.js';
import type { Denoiser, Placement, Refinement } from './method.js';
import { placedBits } from './placed-bits.js';
import { reflectedPass } from './reflected-pass.js';

/** Copies of the denoised picture, T in the papers. */
export const REFINEMENT_COPIES = 8;

/** The share of a copy that is replaced by the noisy picture, p in the papers. */
const REPLACED_SHARE = 0.16;

/** Pixels that AP-BSN mirrors around a copy. */
const REFLECTED = 2;

/** Numbers the draws of {@link drawReplaced} among those of one seed. */
const STREAM = 2;

/** What is replaced in which copy: `[T, batch, channels or 1, height, width]`; nothing for `none`. */
export function refinementSpecs(
  { batch, height, width }: Omit<Placement, 'top' | 'left'>,
  refine: Refinement,
  channels = 3,
): Readonly<Record<string, TensorSpec>> {
  if (refine === 'none') return {};
  return {
    replaced: { shape: [REFINEMENT_COPIES, batch, refine === 'per-element' ? channels : 1, height, width] },
  };
}

/**
 * Draws what is replaced: each element (AP-BSN), or each pixel in all its channels (AMSNet), with probability 0.16.
 *
 * @returns numbers for {@link refinementSpecs}, 0 or 1, which depend on the seed and on places in the picture alone
 */
export function drawReplaced(
  seed: number,
  place: Placement,
  refine: Refinement,
  channels = 3,
): Readonly<Record<string, TensorValue>> {
  const shape = refinementSpecs(place, refine, channels)['replaced']?.shape;
  if (shape === undefined) return {};
  const area = place.height * place.width;
  const data = new Float32Array(shape.reduce((product, e) => product * e, 1));
  for (let plane = 0; plane < data.length / area; plane++) {
    const bits = placedBits(seed, [STREAM, plane], place);
    for (let i = 0; i < area; i++)
      data[plane * area + i] = (bits[i] ?? 0) < REPLACED_SHARE * 4294967296 ? 1 : 0;
  }
  return { replaced: { data, shape, dtype: 'float32' } };
}

/**
 * Random-replacing refinement (R3; AP-BSN, section 3.4, and AMSNet): in each of T copies of the denoised picture x̂ some
 * values are put back from the noisy picture y, the copies are denoised again, and the result is their mean:
 *
 *     (1/T) · Σ_t D( R_t ⊙ y + (1 − R_t) ⊙ x̂ )
 *
 * The copies follow each other, so that eight of them take the memory of one.
 *
 * @param pass D, a pass of the method at full resolution, for copy t: the network itself where it has a blind spot
 * (see {@link blindSpotPass}), the masked passes of AMSNet
 * @param denoised x̂, `[batch, channels, height, width]`
 * @param noisy y, of the same shape
 * @param replaced R_t, 1 where a value is put back: `[T, batch, channels or 1, height, width]`
 *
 * @example
 * randomReplacingRefinement(reflectedPass(denoiser, 2), denoised, noisy, replaced);
 */
export function randomReplacingRefinement(
  pass: (copy: Tensor, t: number) => Tensor,
  denoised: Tensor,
  noisy: Tensor,
  replaced: Tensor,
): Tensor {
  const copies = extent(replaced.shape, 0);
  let total: Tensor | undefined;
  for (let t = 0; t < copies; t++) {
    const chosen = reshape(slice(replaced, { axis: 0, start: t, length: 1 }), replaced.shape.slice(1));
    const refined = pass(where(greater(chosen, 0.5), noisy, denoised), t);
    total = total === undefined ? refined : add(total, refined);
  }
  if (total === undefined) throw new RangeError('randomReplacingRefinement: there are no copies');
  return multiply(total, 1 / copies);
}

/** The pass over a copy for a network with a blind spot: as AP-BSN does it per element, or without a border. */
export function blindSpotPass(denoiser: Denoiser, refine: Refinement): Denoiser {
  return refine === 'per-element' ? reflectedPass(denoiser, REFLECTED) : denoiser;
}
