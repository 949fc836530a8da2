import type { TrainingSettings } from './run-settings.js';

/** `1 picture`, `3 pictures`. */
export const countOf = (list: readonly unknown[], noun: string): string =>
  `${list.length} ${noun}${list.length === 1 ? '' : 's'}`;

/** What a denoiser is measured on, in words. */
export function denoiserMeasuredOn({ validation: { pairs, pictures } }: TrainingSettings): string {
  if (pairs.length > 0) return `PSNR and SSIM on ${countOf(pairs, 'pair')}`;
  return pictures.length > 0
    ? `the loss on ${countOf(pictures, 'picture')} that are not learnt from`
    : 'the loss on fixed patches of the pictures learnt from';
}

/** What the PSNR and SSIM of denoised pictures are, in words. */
export const rgbNumbers =
  'PSNR over all RGB values in 8 bits; SSIM with a Gaussian window of 11×11, σ 1.5, per channel';
