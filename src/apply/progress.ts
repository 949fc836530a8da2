import type { Downloading } from '../weights/anywhere.js';

/** How far the work on a picture is. */
interface TileWork {
  readonly picture: string;
  readonly index: number;
  readonly count: number;
  readonly tile: number;
  readonly tiles: number;
  readonly remainingSeconds?: number;
}

/** How many of several pictures are done. */
interface PictureCount {
  /** The one that was done last. */
  readonly picture: string;
  readonly index: number;
  readonly count: number;
  readonly picturesPerSecond?: number;
  readonly remainingSeconds: number;
}

/**
 * What a long task tells about itself while it runs. The command shows it on the terminal; a program that uses the
 * library receives it by `onProgress`.
 *
 * - `note`: something worth a line, for example which device runs.
 * - `training`: a step is done. `steps` is missing where time, not their number, ends the training. `loss` is that of
 *   this step alone. Times are in seconds.
 * - `validation`: what was learnt up to a step was measured: on pairs of noisy and clean pictures by `psnr`, in decibels,
 *   and `ssim`, otherwise by `loss`, the method's own on fixed patches. `best` says whether it is the best so far.
 * - `checkpoint`: the state after a step is on the disk.
 * - `denoising`, `upscaling`: `tile` of `tiles` of the picture number `index` (from 1) of `count` is done.
 * - `comparing`, `scoring`, `measuring`: the picture number `index` (from 1) of `count` is done.
 * - `denoised`: what was found in a picture and done to it. Deviations are of values from 0 to 255, `strength` is from 0,
 *   left as it was, to 100.
 * - `downloading`: so many bytes of weights have come.
 * - `written`: a result is on the disk.
 *
 * @example
 * const onProgress = (progress: Progress) => {
 *   if (progress.kind === 'training') console.log(progress.step, progress.loss);
 * };
 */
export type Progress =
  | {
      readonly kind: 'note';
      readonly message: string;
      /** The weights that were chosen for a picture, where that is what it says. */
      readonly weights?: string;
    }
  | {
      readonly kind: 'training';
      readonly step: number;
      readonly steps?: number;
      readonly loss: number;
      readonly learningRate: number;
      readonly patchesPerSecond: number;
      /** How much of the time until now, 0…1, steps waited for their patches. */
      readonly waitingShare: number;
      readonly elapsedSeconds: number;
      readonly remainingSeconds: number;
    }
  | {
      readonly kind: 'validation';
      readonly step: number;
      readonly psnr?: number;
      readonly ssim?: number;
      readonly lpips?: number;
      /** The PSNR of the pictures as they were, or as bicubic enlarges them. */
      readonly inputPsnr?: number;
      readonly inputLpips?: number;
      readonly loss?: number;
      /** Of a scorer: the share of pairs in the right order. */
      readonly ranking?: number;
      readonly best: boolean;
      /** Where pictures come out no better than they were, or than bicubic makes them: such weights are never the best. */
      readonly worse?: true;
      readonly seconds: number;
    }
  | { readonly kind: 'checkpoint'; readonly step: number; readonly path: string }
  | ({ readonly kind: 'denoising' } & TileWork)
  | {
      readonly kind: 'denoised';
      readonly picture: string;
      readonly index: number;
      readonly count: number;
      readonly lumaNoise: number;
      readonly chromaNoise: number;
      /** How sure it is that this is noise, 0 to 1. */
      readonly evidence: number;
      readonly strength: number;
      readonly removed: number;
      /** Whether the network has learnt from the pictures. */
      readonly learnt: boolean;
    }
  | ({ readonly kind: 'upscaling' } & TileWork)
  | ({ readonly kind: 'comparing' } & PictureCount)
  | ({ readonly kind: 'scoring' } & PictureCount)
  | ({ readonly kind: 'measuring' } & PictureCount)
  | Downloading
  | { readonly kind: 'written'; readonly input: string; readonly output: string };
