import type { Tensor, TensorSpec, TensorValue } from '../tensor/index.js';
import { cast, equal, multiply, subtract, total } from '../tensor/index.js';
import type { Denoiser, Placement } from './method.js';
import { placedBits } from './placed-bits.js';

/** How the pixels of a picture are dealt out to the masks. */
export interface MaskRequest {
  /** Number of masks k, at least 2; each hides a k-th of the pixels. */
  readonly masks: number;
  /** A fixed pattern in place of random numbers. */
  readonly deterministic: boolean;
  /** Stride of the sub-sampling that the masks are meant for; a fixed pattern is laid out on the sub-images. */
  readonly stride: number;
  /** Names the draw, so that several of one seed are independent. */
  readonly stream: readonly number[];
}

/** The number of the mask that hides each pixel, shared by the channels: `[batch, 1, height, width]`, 0 … k − 1. */
export function branchSpec({ batch, height, width }: Omit<Placement, 'top' | 'left'>): TensorSpec {
  return { shape: [batch, 1, height, width] };
}

/**
 * The step s of the pattern `(column + s·row) mod k` whose pixels of one class lie furthest apart: 1 for two masks (the
 * checkerboard), 2 for four and five.
 */
export function patternStep(masks: number): number {
  const nearest = (step: number): number => {
    let least = Number.POSITIVE_INFINITY;
    for (let dy = 0; dy <= masks; dy++)
      for (let dx = -masks; dx <= masks; dx++)
        if ((dy > 0 || dx > 0) && (dx + step * dy) % masks === 0) least = Math.min(least, dx * dx + dy * dy);
    return least;
  };
  let best = 1;
  for (let step = 2; step < masks; step++) if (nearest(step) > nearest(best)) best = step;
  return best;
}

/**
 * Draws which of k masks hides each pixel: AMSNet's "multi-scale mask", an integer 0 … k − 1 for every pixel,
 * uniform and shared by the channels. The k hidden sets are a partition of the picture. What is drawn for a pixel
 * depends on nothing but the seed, the stream and the pixel's place in the picture.
 *
 * @returns numbers for {@link branchSpec}
 */
export function drawBranches(seed: number, place: Placement, request: MaskRequest): TensorValue {
  const { batch, height, width, top, left } = place;
  const { masks, deterministic, stride, stream } = request;
  const area = height * width;
  const data = new Float32Array(batch * area);
  const step = patternStep(masks);
  for (let image = 0; image < batch; image++) {
    if (deterministic) {
      for (let i = 0; i < area; i++) {
        const row = Math.floor((top + Math.floor(i / width)) / stride);
        const column = Math.floor((left + (i % width)) / stride);
        data[image * area + i] = (column + step * row) % masks;
      }
    } else {
      const bits = placedBits(seed, [...stream, image], place);
      for (let i = 0; i < area; i++)
        data[image * area + i] = Math.floor(((bits[i] ?? 0) * masks) / 4294967296);
    }
  }
  return { data, shape: branchSpec(place).shape, dtype: 'float32' };
}

/** The k sets of a partition, 1 where a pixel is hidden and 0 elsewhere, each of the shape of `branches`. */
export function hiddenSets(branches: Tensor, masks: number): readonly Tensor[] {
  return Array.from({ length: masks }, (_, mask) => cast(equal(branches, mask), 'float32'));
}

/**
 * AMSNet's single mask: M ⊙ x, with the hidden pixels set to zero. The network is not told which they are.
 *
 * @param x `[batch, channels, height, width]`
 * @param hidden M̃ = 1 − M: 1 where a pixel is hidden, `[batch, 1, height, width]`
 */
export function singleMask(x: Tensor, hidden: Tensor): Tensor {
  return multiply(x, subtract(1, hidden));
}

/**
 * AMSNet's multi-mask denoising branches: the same network runs once for every set of hidden pixels, and each pixel
 * is taken from the run in which it was hidden, `Σ_k M̃_k ⊙ D(M_k ⊙ x)`.
 *
 * The runs follow each other, so that they take the memory of one.
 *
 * @param x `[batch, channels, height, width]`
 * @param hidden M̃_k, a partition of the pixels; see {@link hiddenSets}
 */
export function multiMaskDenoise(denoiser: Denoiser, x: Tensor, hidden: readonly Tensor[]): Tensor {
  return total(hidden.map((set) => multiply(denoiser(singleMask(x, set)), set)));
}
