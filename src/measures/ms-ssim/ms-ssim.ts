import { msSsim as structuralSimilarity } from '../../quality/arithmetic.js';
import { lossOfPixels } from '../loss/loss-program.js';
import type { PixelMeasure } from '../pixel-measure.js';
import { comparing } from '../pixel-facts.js';

/** The window fits into the coarsest scale. */
const leastSide = 161;

/** Structural similarity at five scales. */
export const msSsim = {
  ...{ kind: 'pixels', options: {} },
  facts: {
    ...comparing,
    name: 'ms-ssim',
    title: 'MS-SSIM',
    summary: 'structural similarity at five scales, the mean of red, green and blue',
    better: 'higher',
    range: [0, 1],
    usual: [0, 1],
    smallest: { width: leastSide, height: leastSide },
    source: 'Wang, Simoncelli, Bovik, Asilomar 2003',
  },
  compare: (a, b) => structuralSimilarity(a, b),
  loss: async () => lossOfPixels(leastSide, (await import('../../quality/anywhere.js')).msSsimLoss),
} as const satisfies PixelMeasure;
