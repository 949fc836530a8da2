import { type Picture, readPicture } from '../images/index.js';
import { psnr, ssim } from '../quality/index.js';
import type { Progress } from '../training/index.js';
import { type DenoiseOptions, openDenoising } from './denoise.js';
import type { DenoiserWeights } from './denoiser-weights.js';
import { progressOf } from './evaluation-progress.js';
import type { CheckedPair } from './find-pairs.js';
import type { InferenceChoices } from './inference-options.js';

/** Options of {@link evaluateDenoiser}. Those that {@link DenoiseOptions} has too mean the same there. */
export interface EvaluateDenoiserOptions
  extends InferenceChoices,
    Pick<DenoiseOptions, 'weights' | 'method' | 'keepDetail' | 'tile' | 'seed' | 'device' | 'threads'> {
  /** What to compare, from `findPairs`. */
  readonly pairs: readonly CheckedPair[];
  readonly onProgress?: (progress: Progress) => void;
  /** Gets each result as soon as it is there, with the denoised picture. */
  readonly onPicture?: (score: PictureScore, denoised: Picture) => void | Promise<void>;
  /** Stops between two tiles; what was measured until then is the result. */
  readonly signal?: AbortSignal;
}

/** How near a picture comes to the clean one. */
export interface Closeness {
  /** In decibels, of all RGB values in 8 bits; `Infinity` where both are equal. */
  readonly psnr: number;
  /** Gaussian window of 11 × 11 pixels, σ 1.5, per channel, in 8 bits. */
  readonly ssim: number;
}

/** What was measured on one pair. */
export interface PictureScore extends CheckedPair {
  /** The noisy picture as it is. */
  readonly before: Closeness;
  readonly after: Closeness;
  /** Of denoising alone, without reading and measuring; the first picture of a size prepares the network for it. */
  readonly seconds: number;
  readonly pixelsPerSecond: number;
}

/** What {@link evaluateDenoiser} measured. */
export interface DenoiserEvaluation {
  readonly weights: DenoiserWeights;
  /** For people. */
  readonly device: string;
  readonly pictures: readonly PictureScore[];
  /** Of the pictures' scores; left out where there is none. */
  readonly mean?: MeanScore;
  /** The most bytes of main memory that the process has held so far, whatever for. */
  readonly peakMemory: number;
  /** False where the signal stopped it before the last picture. */
  readonly finished: boolean;
}

/** The means of several pictures' scores; seconds are their sum, and pixels a second those of all together. */
export type MeanScore = Pick<PictureScore, 'before' | 'after' | 'seconds' | 'pixelsPerSecond'>;

/** How the numbers are defined, for people: papers differ in this. */
export const scoreDefinitions =
  'PSNR in dB over all RGB values, SSIM with a Gaussian window of 11×11 and σ 1.5 per channel, both on 8-bit values, per picture, then averaged';

/**
 * Denoises noisy pictures with weights as they are, without learning from them, and compares the results with the clean
 * ones.
 *
 * @throws RevelaError for anything that the user can mend
 *
 * @example
 * const { pairs } = await findPairs({ noisy: 'sidd5/noisy', clean: 'sidd5/clean' });
 * const { mean } = await evaluateDenoiser({ weights: 'garden.safetensors', pairs });
 * console.log(mean?.after.psnr);
 */
export async function evaluateDenoiser(options: EvaluateDenoiserOptions): Promise<DenoiserEvaluation> {
  const { pairs, onProgress, onPicture, ...denoising } = options;
  const { signal } = options;
  const clock = progressOf(pairs, onProgress ?? (() => {}));
  const open = await openDenoising(
    pairs.map(({ noisy }) => noisy),
    { ...denoising, adapt: false, onProgress: clock.tell },
  );
  const pictures: PictureScore[] = [];
  try {
    for (const pair of pairs) {
      clock.begin(pair);
      const { score, denoised } = await measure(pair, open.picture);
      pictures.push(score);
      await onPicture?.(score, denoised);
    }
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  } finally {
    await open.close();
  }
  const mean = meanOf(pictures);
  return {
    weights: open.weights,
    device: open.device,
    pictures,
    ...(mean === undefined ? {} : { mean }),
    peakMemory: process.resourceUsage().maxRSS * 1024,
    finished: pictures.length === pairs.length,
  };
}

async function measure(
  pair: CheckedPair,
  denoise: (picture: Picture) => Promise<Picture>,
): Promise<{ score: PictureScore; denoised: Picture }> {
  const [noisy, clean] = [await readPicture(pair.noisy), await readPicture(pair.clean)];
  const begin = performance.now();
  const denoised = await denoise(noisy);
  const seconds = (performance.now() - begin) / 1000;
  const closeness = (picture: Picture): Closeness => ({
    psnr: psnr(picture, clean),
    ssim: ssim(picture, clean),
  });
  const pixelsPerSecond = (pair.width * pair.height) / seconds;
  return {
    score: { ...pair, before: closeness(noisy), after: closeness(denoised), seconds, pixelsPerSecond },
    denoised,
  };
}

/**
 * The means of several scores, the times apart: their sum, and the pixels of all by it.
 *
 * @returns `undefined` for no scores
 */
export function meanOf(scores: readonly PictureScore[]): MeanScore | undefined {
  if (scores.length === 0) return undefined;
  const sum = (value: (score: PictureScore) => number): number =>
    scores.reduce((total, score) => total + value(score), 0);
  const mean = (side: 'before' | 'after'): Closeness => ({
    psnr: sum((score) => score[side].psnr) / scores.length,
    ssim: sum((score) => score[side].ssim) / scores.length,
  });
  const seconds = sum((score) => score.seconds);
  return {
    before: mean('before'),
    after: mean('after'),
    seconds,
    pixelsPerSecond: sum(({ width, height }) => width * height) / seconds,
  };
}
