import type { Tensor } from '../tensor/index.js';
import { concat, extent, l1Loss, multiply, slice } from '../tensor/index.js';
import type { DenoisingMethod } from './method.js';
import { pixelDownsample, pixelUpsample } from './pixel-downsampling.js';
import { drawPermutations, permutationSpec, randomSubSamples } from './random-sub-samples.js';

/** Side of the cells that sub-samples are drawn from, in training. */
const TRAINING_STRIDE = 5;

/** Stride of the sub-sampling at test time. */
const INFERENCE_STRIDE = 2;

/**
 * SDAP's cyclic sample difference loss, `Σ_j mean |B(s_j) − s_{(j+1) mod n}|`: every denoised sub-sample is compared
 * with the *next* noisy one, so that the difference between two samples of the same place perturbs the target.
 * The n terms are summed, not averaged.
 *
 * @param denoised B(s), `[n·batch, …]`, sub-samples outermost.
 * @param samples s, of the same shape.
 * @param n number of sub-samples, p².
 */
export function cyclicSampleDifferenceLoss(denoised: Tensor, samples: Tensor, n: number): Tensor {
  const total = extent(samples.shape, 0);
  const batch = total / n;
  const rest = slice(samples, { axis: 0, start: batch, length: total - batch });
  const next = concat([rest, slice(samples, { axis: 0, start: 0, length: batch })], 0);
  // All terms have as many elements: the sum of their means is n times the mean over all of them.
  return multiply(l1Loss(denoised, next), n);
}

const grid = ({ batch, patch }: { batch: number; patch: number }) => ({
  batch,
  height: patch,
  width: patch,
  stride: TRAINING_STRIDE,
});

/**
 * SDAP: "Random Sub-Samples Generation for Self-Supervised Real Image Denoising" (Pan et al., ICCV 2023).
 *
 * Training denoises the 25 random sub-samples of each patch and compares each with the next. At test time the
 * image is sub-sampled by 2; the performance enhancement (E) applies the same network once more to the
 * result at full resolution, without clamping in between.
 */
export const sdap: DenoisingMethod = {
  name: 'sdap',
  title: 'SDAP: random sub-samples and cyclic sample difference (ICCV 2023)',
  training: {
    patchMultiple: TRAINING_STRIDE,
    specs: (size) => ({ permutation: permutationSpec(grid(size)) }),
    draw: (random, size) => ({ permutation: drawPermutations(random, grid(size)) }),
    objective: (denoiser, patches, { permutation }) => {
      if (permutation === undefined)
        throw new RangeError('sdap: the permutation of the sub-samples was not given');
      const samples = randomSubSamples(patches, permutation);
      return cyclicSampleDifferenceLoss(denoiser(samples), samples, TRAINING_STRIDE ** 2);
    },
  },
  inference: {
    multiple: INFERENCE_STRIDE,
    margin: (reach, { enhance }) => INFERENCE_STRIDE * reach + (enhance ? reach : 0),
    denoise: (denoiser, noisy, { enhance }) => {
      const first = pixelUpsample(denoiser(pixelDownsample(noisy, INFERENCE_STRIDE)), INFERENCE_STRIDE);
      return enhance ? denoiser(first) : first;
    },
  },
};
