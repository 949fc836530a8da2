import { present } from '../present.js';
import type { Checkpoint } from './folder/checkpoints.js';
import type { RunFolder } from './folder/run-folder.js';
import type { TrainingState } from '../training/index.js';
import type { ValidationState } from './run-validation.js';
import { groupsOf, storedGroups } from './team/state-file.js';
import type { Scores } from './validation-scores.js';

/** Where a run goes on: its last checkpoint, if there is one. */
export interface Restored {
  readonly state?: TrainingState;
  readonly validation: ValidationState;
}

/** What a checkpoint's `state` holds besides tensors. */
interface StoredState {
  readonly seconds: number;
  readonly stage?: { readonly index: number; readonly step: number };
  readonly memo?: string;
  readonly validation: ValidationState;
}

/** The checkpoint of a run: the tensors of its training, and where its stages and its validation stand. */
export function checkpointOf(
  { step, seconds, stage, memo, tensors }: TrainingState,
  validation: ValidationState,
): Checkpoint {
  const state: StoredState = { seconds, ...present({ stage, memo }), validation };
  return { step, tensors: storedGroups(tensors), state: JSON.stringify(state) };
}

/**
 * Reads the last checkpoint of a run, and takes its records back to it.
 *
 * @throws RevelaError if there are checkpoints and none can be used
 */
export async function restore(run: RunFolder): Promise<Restored> {
  const checkpoint = await run.loadLatestCheckpoint();
  if (checkpoint === undefined) return { validation: { sampled: 0 } };
  const { seconds, stage, memo, validation } = storedState(checkpoint.state);
  return {
    state: {
      step: checkpoint.step,
      seconds,
      tensors: groupsOf(checkpoint.tensors),
      ...present({ stage, memo }),
    },
    validation,
  };
}

/** The checkpoint's checksum holds, so this is what a revela wrote; what is missing counts as nothing. */
function storedState(text: string): StoredState {
  const { seconds, stage, memo, validation } = fieldsOf(JSON.parse(text));
  const { index, step } = fieldsOf(stage);
  const { last, sampled } = fieldsOf(validation);
  const { step: measured, scores } = fieldsOf(last);
  return {
    seconds: typeof seconds === 'number' ? seconds : 0,
    ...(typeof index === 'number' && typeof step === 'number' && { stage: { index, step } }),
    ...(typeof memo === 'string' && { memo }),
    validation: {
      sampled: typeof sampled === 'number' ? sampled : 0,
      ...(typeof measured === 'number' && { last: { step: measured, scores: scoresOf(fieldsOf(scores)) } }),
    },
  };
}

function scoresOf({
  psnr,
  inputPsnr,
  inputLpips,
  ssim,
  lpips,
  loss,
  ranking,
}: Readonly<Record<string, unknown>>): Scores {
  return {
    ...(typeof psnr === 'number' && { psnr }),
    ...(typeof inputPsnr === 'number' && { inputPsnr }),
    ...(typeof inputLpips === 'number' && { inputLpips }),
    ...(typeof ssim === 'number' && { ssim }),
    ...(typeof lpips === 'number' && { lpips }),
    ...(typeof loss === 'number' && { loss }),
    ...(typeof ranking === 'number' && { ranking }),
  };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
