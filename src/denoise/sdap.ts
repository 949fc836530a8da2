import type { TrainingPreset } from '../nn/index.js';
import type { Tensor } from '../tensor/index.js';
import { concat, extent, l1Loss, multiply, slice } from '../tensor/index.js';
import { fastPreset } from './fast-preset.js';
import type { DenoisingMethod } from './method.js';
import { drawn } from './method.js';
import { pixelDownsample, pixelUpsample } from './pixel-downsampling.js';
import {
  blindSpotPass,
  drawReplaced,
  randomReplacingRefinement,
  refinementSpecs,
} from './random-replacing-refinement.js';
import { drawPermutations, permutationSpec, randomSubSamples } from './random-sub-samples.js';

/** Side of the cells that sub-samples are drawn from, in training. */
const TRAINING_STRIDE = 5;

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

/** The two-stage recipe, as the authors' issue threads quote it (#2, #9); its lengths differ between quotations. */
const paper: TrainingPreset = {
  optimiser: 'adam',
  betas: [0.9, 0.999],
  weightDecay: 0,
  stages: [
    { share: 0.6, patch: 160, batch: 16, learningRate: 1e-4, curve: 'constant' },
    { share: 0.4, patch: 250, batch: 8, learningRate: 1e-5, curve: 'constant' },
  ],
  steps: 40_000,
  averageDecay: 0,
  source: 'SDAP (ICCV 2023), two stages of 15 and 10 epochs of 1600 steps, from the program and its issues',
};

const fast = fastPreset({ learningRate: 2e-3, rateWidth: 32 });

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
  needsBlindSpot: true,
  defaultNetwork: 'dbsnl',
  presets: { paper, fast },
  training: {
    patchMultiple: TRAINING_STRIDE,
    specs: (size) => ({ permutation: permutationSpec(grid(size)) }),
    draw: (random, size) => ({ permutation: drawPermutations(random, grid(size)) }),
    objective: (denoiser, patches, draws) => {
      const samples = randomSubSamples(patches, drawn(draws, 'permutation', 'sdap'));
      return cyclicSampleDifferenceLoss(denoiser(samples), samples, TRAINING_STRIDE ** 2);
    },
  },
  inference: {
    takes: ['subSampling', 'enhance', 'refine'],
    border: 0,
    losesDetail: true,
    multiple: ({ subSampling }) => subSampling,
    margin: (reach, { subSampling, enhance, refine }) =>
      subSampling * reach + (enhance ? reach : 0) + (refine === 'none' ? 0 : reach),
    specs: (size, { refine }) => refinementSpecs(size, refine),
    draw: (seed, place, { refine }) => drawReplaced(seed, place, refine),
    denoise: (denoiser, noisy, { subSampling, enhance, refine }, draws) => {
      const first = pixelUpsample(denoiser(pixelDownsample(noisy, subSampling)), subSampling);
      const denoised = enhance ? denoiser(first) : first;
      if (refine === 'none') return denoised;
      const replaced = drawn(draws, 'replaced', 'sdap');
      return randomReplacingRefinement(blindSpotPass(denoiser, refine), denoised, noisy, replaced);
    },
  },
};
