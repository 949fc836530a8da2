import type { TrainingPreset } from '../nn/index.js';
import type { Tensor } from '../tensor/index.js';
import { rootMeanSquareLoss } from '../tensor/index.js';
import { distilled } from './distillation.js';
import type { InferenceMethod } from './method.js';

/** A method that learns from pairs of a noisy picture and the clean one. */
export interface SupervisedMethod extends InferenceMethod {
  /** What is made small. Both `[batch, 3, patch, patch]`, in [0, 1]. */
  pairLoss(denoised: Tensor, clean: Tensor): Tensor;
}

/**
 * For hours on a processor: small patches, a rise, then a cosine. The average of the weights takes the place of choosing a
 * checkpoint.
 */
const fast: TrainingPreset = {
  optimiser: 'adam',
  betas: [0.9, 0.99],
  weightDecay: 0,
  stages: [{ share: 1, patch: 96, batch: 8, learningRate: 1e-3, curve: 'cosine', floor: 0.01 }],
  steps: 100_000,
  averageDecay: 0.999,
  warmUp: 200,
  clip: 1,
  source: 'this program',
};

/** NAFNet's on SIDD (ECCV 2022), without its warm restarts of other stages. */
const paper: TrainingPreset = {
  optimiser: 'adamw',
  betas: [0.9, 0.9],
  weightDecay: 0,
  stages: [{ share: 1, patch: 256, batch: 32, learningRate: 1e-3, curve: 'cosine', floor: 1e-4 }],
  steps: 400_000,
  averageDecay: 0,
  source: "NAFNet (ECCV 2022), from the program's options for SIDD",
};

/**
 * Learning from pairs: noisy pictures that a noise model makes of clean ones, or pairs of one's own. One pass over the picture as
 * it is at test time. Within a picture the error is squared, which asks for the mean of all pictures that could have been
 * there; the absolute error asks for their median, which is another colour where strong noise was clipped. Over pictures the
 * root is taken: without it strong noise would be all that counts, and with the logarithm (NAFNet's) weak noise.
 */
export const supervised: SupervisedMethod = {
  name: 'supervised',
  title:
    'Supervised: one pass of a network that learnt from clean pictures and a model of noise, or from pairs',
  needsBlindSpot: false,
  defaultNetwork: 'resunet',
  presets: { paper, fast },
  inference: { ...distilled.inference, secondNetwork: true },
  pairLoss: (denoised, clean) => rootMeanSquareLoss(denoised, clean),
};
