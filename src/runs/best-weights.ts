import { join } from 'node:path';
import { RevelaError } from '../errors.js';
import { present } from '../present.js';
import type { NetworkTask } from '../networks/index.js';
import { readSafetensorsHeader } from '../weights/index.js';
import { type LearntWeights, parseRecord, type TrainingRecord } from '../models/index.js';
import { isBetter, isWorseThanInput, type Scores } from './validation-scores.js';

/** The best weights of a run so far. */
export interface BestWeights extends Scores {
  readonly path: string;
  /** Steps they were trained for. */
  readonly step: number;
}

/** Keeps the best weights of a run in `best.safetensors`. */
export interface BestKeeper {
  readonly best: BestWeights | undefined;
  /** Saves the weights if they are better than the best so far, and than their input; says whether they are. */
  offer(step: number, scores: Scores, weights: LearntWeights): Promise<boolean>;
}

const BEST = 'best.safetensors';

/** Scores as the record of a file names them. */
export function recordOf({ psnr, ssim, lpips, loss, ranking }: Scores): TrainingRecord {
  return {
    ...present({
      validationPsnr: psnr,
      validationSsim: ssim,
      validationLpips: lpips,
      validationLoss: loss,
      validationRanking: ranking,
    }),
  };
}

/**
 * Goes on from the best weights that a run folder holds. The file itself says what it is worth, so that it need not be
 * in step with the checkpoints: a run that was taken back to an earlier one keeps the best weights that it ever had.
 *
 * @param save writes weights
 * @throws RevelaError if the folder cannot be read; its methods throw one if it cannot be written
 */
export async function openBestKeeper(
  folder: string,
  save: (path: string, weights: LearntWeights) => Promise<void>,
): Promise<BestKeeper> {
  const path = join(folder, BEST);
  let best = await bestIn(folder);
  return {
    get best() {
      return best;
    },
    async offer(step, scores, weights) {
      if (isWorseThanInput(scores) || !isBetter(scores, best)) return false;
      await save(path, { ...weights, record: { ...weights.record, ...recordOf(scores) } });
      best = { path, step, ...scores };
      return true;
    },
  };
}

/** The best weights of a run folder; undefined where there are none, or damaged ones, which the next best replace. */
export async function bestIn(folder: string): Promise<BestWeights | undefined> {
  const path = join(folder, BEST);
  try {
    const { metadata } = await readSafetensorsHeader(path);
    const { steps, validationPsnr, validationSsim, validationLpips, validationLoss, validationRanking } =
      parseRecord(metadata['training']);
    if (steps === undefined) return undefined;
    return {
      path,
      step: steps,
      ...(typeof validationPsnr === 'number' && { psnr: validationPsnr }),
      ...(typeof validationSsim === 'number' && { ssim: validationSsim }),
      ...(typeof validationLpips === 'number' && { lpips: validationLpips }),
      ...(typeof validationLoss === 'number' && { loss: validationLoss }),
      ...(typeof validationRanking === 'number' && { ranking: validationRanking }),
    };
  } catch (error) {
    if (error instanceof RevelaError) return undefined;
    throw error;
  }
}

/**
 * Says that the last weights of a run make the pictures of its validation no better than they were, or than bicubic does, and
 * which weights were kept.
 *
 * @param last the file of the last weights
 */
export function nothingGained(
  scores: Scores,
  task: NetworkTask,
  last: string,
  best: BestWeights | undefined,
): string {
  const before = task === 'upscale' ? 'bicubic' : 'before';
  const of = (psnr = 0, lpips?: number): string =>
    `${psnr.toFixed(2)} dB${lpips === undefined ? '' : ` and LPIPS ${lpips.toFixed(4)}`}`;
  const figures = `${of(scores.psnr, scores.lpips)}, ${before} ${of(scores.inputPsnr, scores.inputLpips)}`;
  const [whose, kept] =
    best === undefined
      ? ['No weights of this run', `none are kept as the best, and ${last} holds the last ones`]
      : ['The last weights have not', `${best.path} holds those of step ${best.step}, which did`];
  const did =
    task === 'upscale'
      ? 'enlarged the pictures of the validation better than bicubic does'
      : 'made the pictures of the validation better than they were';
  const hint =
    task === 'upscale' && scores.lpips === undefined
      ? '; what is trained for looks rather than for PSNR shows its worth with `validationLpips`'
      : '';
  return `${whose} ${did} (${figures}): ${kept}${hint}`;
}
