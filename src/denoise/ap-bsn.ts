import type { TrainingPreset } from '../nn/index.js';
import type { Tensor } from '../tensor/index.js';
import { l1Loss, multiply } from '../tensor/index.js';
import { fastPreset } from './fast-preset.js';
import type { Denoiser, DenoisingMethod } from './method.js';
import { drawn } from './method.js';
import { mosaicDownsample, mosaicUpsample } from './pixel-downsampling.js';
import {
  blindSpotPass,
  drawReplaced,
  randomReplacingRefinement,
  refinementSpecs,
} from './random-replacing-refinement.js';

/** Stride of the sub-sampling in training. */
const TRAINING_STRIDE = 5;

/** Zeros around each sub-image of the mosaic. */
const MOSAIC_PADDING = 2;

/** The network sees the numbers of 8-bit pictures: its biases make the range matter. */
const WHITE = 255;

/** A network of the range 0 … 255 as one of the range 0 … 1. */
function of255(denoiser: Denoiser): Denoiser {
  return (x) => multiply(denoiser(multiply(x, WHITE)), 1 / WHITE);
}

/** The sub-images of one stride side by side in one picture, denoised and put back. */
export function mosaicDenoise(denoiser: Denoiser, x: Tensor, stride: number): Tensor {
  return mosaicUpsample(denoiser(mosaicDownsample(x, stride, MOSAIC_PADDING)), stride, MOSAIC_PADDING);
}

/** 20 epochs of 24,542 tiles of SIDD-Medium in batches of 8, the rate falling to a tenth every 8 epochs. */
const paper: TrainingPreset = {
  optimiser: 'adam',
  betas: [0.9, 0.999],
  weightDecay: 0,
  stages: [{ share: 1, patch: 120, batch: 8, learningRate: 1e-4, curve: { every: 24_544, factor: 0.1 } }],
  steps: 61_360,
  averageDecay: 0,
  source: "AP-BSN (CVPR 2022), from the program's configuration for SIDD",
};

const fast = fastPreset({ learningRate: 2e-3, rateWidth: 32 });

/**
 * AP-BSN: "Self-Supervised Denoising for Real-World Images via Asymmetric PD and Blind-Spot Network" (Lee et al.,
 * CVPR 2022), the baseline of the family.
 *
 * Training sub-samples by 5, denoises the mosaic of the sub-images and compares with the input itself, `L = mean |x̂ − x|`;
 * at test time the stride is 2, and random-replacing refinement may follow. The network sees values from 0 to 255.
 *
 * Within a network's reach of the picture's border the result depends on the opposite border, for there the mosaic
 * has other sub-images: tiles and the whole picture agree everywhere else.
 */
export const apBsn: DenoisingMethod = {
  name: 'ap-bsn',
  title: 'AP-BSN: asymmetric sub-sampling and a blind spot (CVPR 2022)',
  needsBlindSpot: true,
  defaultNetwork: 'dbsnl',
  presets: { paper, fast },
  training: {
    patchMultiple: TRAINING_STRIDE,
    specs: () => ({}),
    draw: () => ({}),
    objective: (denoiser, patches) => {
      const noisy = multiply(patches, WHITE);
      return l1Loss(mosaicDenoise(denoiser, noisy, TRAINING_STRIDE), noisy);
    },
  },
  inference: {
    takes: ['subSampling', 'refine'],
    border: 0,
    losesDetail: true,
    multiple: ({ subSampling }) => subSampling,
    margin: (reach, { subSampling, refine }) => subSampling * reach + (refine === 'none' ? 0 : reach),
    specs: (size, { refine }) => refinementSpecs(size, refine),
    draw: (seed, place, { refine }) => drawReplaced(seed, place, refine),
    denoise: (denoiser, noisy, { subSampling, refine }, draws) => {
      const scaled = of255(denoiser);
      const denoised = mosaicDenoise(scaled, noisy, subSampling);
      if (refine === 'none') return denoised;
      const replaced = drawn(draws, 'replaced', 'ap-bsn');
      return randomReplacingRefinement(blindSpotPass(scaled, refine), denoised, noisy, replaced);
    },
  },
};
