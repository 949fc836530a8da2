import { lumaOf, psnr as peakSignalToNoise, type QualityMeasure } from '../../quality/arithmetic.js';
import { lossOfPixels } from '../loss/loss-program.js';
import type { PixelMeasure } from '../pixel-measure.js';
import { comparing } from '../pixel-facts.js';

const common = {
  ...comparing,
  better: 'higher',
  range: [0, Number.POSITIVE_INFINITY],
  usual: [20, 50],
  smallest: { width: 1, height: 1 },
} as const satisfies Partial<QualityMeasure>;

/** Peak signal-to-noise ratio of all colours. */
export const psnr = {
  ...{ kind: 'pixels', options: {} },
  facts: {
    ...common,
    name: 'psnr',
    title: 'PSNR',
    summary: 'peak signal-to-noise ratio over red, green and blue together, in decibels',
    source: 'the protocol of the denoising papers',
  },
  compare: (a, b) => peakSignalToNoise(a, b),
  loss: async () => lossOfPixels(1, (await import('../../quality/anywhere.js')).psnrLoss),
} as const satisfies PixelMeasure;

/** The same of luma. */
export const psnrY = {
  ...{ kind: 'pixels', options: {} },
  facts: {
    ...common,
    name: 'psnr-y',
    title: 'PSNR-Y',
    summary: 'PSNR of the luma of BT.601, in decibels',
    source: 'the protocol of the papers on upscaling',
  },
  compare: (a, b) => peakSignalToNoise(lumaOf(a), lumaOf(b)),
} as const satisfies PixelMeasure;
