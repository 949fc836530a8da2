import { kindOf, type RunKindName } from '../api/index.js';
import type { ReportedRun } from './run.js';

/** What the runs of each kind of training are called, and what the numbers of their validation are. */
const terms: Readonly<Record<RunKindName, { readonly title: string; readonly numbers: string }>> = {
  denoiser: {
    title: 'a denoiser',
    numbers: 'PSNR over all RGB values in 8 bits; SSIM with a Gaussian window of 11×11, σ 1.5, per channel',
  },
  distillation: {
    title: 'a student',
    numbers: 'PSNR over all RGB values in 8 bits; SSIM with a Gaussian window of 11×11, σ 1.5, per channel',
  },
  upscaler: {
    title: 'an upscaler',
    numbers:
      'PSNR and SSIM of the luma in 8 bits, without a border as wide as the scale; SSIM with a Gaussian window of 11×11, σ 1.5; under the pictures, PSNR over all RGB values',
  },
  scorer: {
    title: 'a scorer',
    numbers: 'pairs in the right order: of a picture and a worse damaged version of it',
  },
};

/** What a run trains. */
export const runTitle = ({ settings }: Pick<ReportedRun, 'settings'>): string =>
  terms[kindOf(settings)].title;

/** What the numbers on a page of these runs are; with the kinds of training where there are several. */
export function numberTerms(runs: readonly Pick<ReportedRun, 'settings'>[]): string {
  const titles = new Map<string, string[]>();
  for (const kind of new Set(runs.map(({ settings }) => kindOf(settings)))) {
    const { title, numbers } = terms[kind];
    titles.set(numbers, [...(titles.get(numbers) ?? []), title]);
  }
  const sentences = [...titles].map(([numbers, of]) =>
    titles.size === 1 ? `${numbers}.` : `Of ${of.join(' or ')}: ${numbers}.`,
  );
  const text = sentences.join(' ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
