import { lumaOf, type QualityMeasure, ssim as structuralSimilarity } from '../../quality/arithmetic.js';
import { lossOfPixels } from '../loss/loss-program.js';
import type { PixelMeasure } from '../pixel-measure.js';
import { comparing } from '../pixel-facts.js';

const wang = 'Wang, Bovik, Sheikh, Simoncelli, IEEE TIP 2004';

const common = {
  ...comparing,
  better: 'higher',
  range: [-1, 1],
  usual: [0, 1],
  smallest: { width: 11, height: 11 },
} as const satisfies Partial<QualityMeasure>;

/** Structural similarity by the Gaussian window of the paper. */
export const ssim = {
  ...{ kind: 'pixels', options: {} },
  facts: {
    ...common,
    name: 'ssim',
    title: 'SSIM',
    summary: 'structural similarity by a Gaussian window of 11×11 pixels, the mean of red, green and blue',
    source: `${wang}; as the denoising papers take it`,
  },
  compare: (a, b) => structuralSimilarity(a, b),
  loss: async () => lossOfPixels(11, (await import('../../quality/anywhere.js')).ssimLoss),
} as const satisfies PixelMeasure;

/** The same of luma. */
export const ssimY = {
  ...{ kind: 'pixels', options: {} },
  facts: {
    ...common,
    name: 'ssim-y',
    title: 'SSIM-Y',
    summary: 'SSIM of the luma of BT.601',
    source: `${wang}; as the papers on upscaling take it`,
  },
  compare: (a, b) => structuralSimilarity(lumaOf(a), lumaOf(b)),
} as const satisfies PixelMeasure;

/** As scikit-image has it. */
export const ssimUniform = {
  ...{ kind: 'pixels', options: {} },
  facts: {
    ...common,
    name: 'ssim-uniform',
    title: 'SSIM, 7×7',
    summary: 'SSIM by 7×7 pixels that count alike, with sample variances, the mean of red, green and blue',
    smallest: { width: 7, height: 7 },
    source: `${wang}; as scikit-image computes it by default`,
  },
  compare: (a, b) => structuralSimilarity(a, b, { window: 'uniform' }),
} as const satisfies PixelMeasure;

/** As its authors' program has it. */
export const ssimReduced = {
  ...{ kind: 'pixels', options: {} },
  facts: {
    ...common,
    name: 'ssim-reduced',
    title: 'SSIM, reduced',
    summary: 'SSIM after making the pictures smaller to about 256 pixels, the mean of red, green and blue',
    source: `${wang}; the authors' program of 2009`,
  },
  compare: (a, b) => structuralSimilarity(a, b, { reduce: true }),
} as const satisfies PixelMeasure;
