import { fallback, number, object, optional, parse, string } from 'valibot';
import { ifRight, readJson } from '../options/index.js';
import { present } from '../present.js';
import type { Checkpoint } from './folder/checkpoints.js';
import type { RunFolder } from './folder/run-folder.js';
import type { TrainingState } from '../training/index.js';
import type { ValidationState } from './run-validation.js';
import { groupsOf, storedGroups } from './team/state-file.js';

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

const [value, count] = [ifRight(number()), optional(fallback(number(), 0), 0)];

/** The checkpoint's checksum holds, so this is what a revela wrote; what is missing counts as nothing. */
const schema = object({
  seconds: count,
  stage: ifRight(object({ index: number(), step: number() })),
  memo: ifRight(string()),
  validation: optional(
    object({
      sampled: count,
      last: ifRight(
        object({
          step: number(),
          scores: optional(
            object({
              ...{ psnr: value, inputPsnr: value, inputLpips: value, ssim: value },
              ...{ lpips: value, loss: value, ranking: value },
            }),
            {},
          ),
        }),
      ),
    }),
    {},
  ),
});

function storedState(text: string): StoredState {
  const { seconds, stage, memo, validation } = readJson(schema, text) ?? parse(schema, {});
  const { last, sampled } = validation;
  const measured = last && { step: last.step, scores: present(last.scores) };
  return { seconds, ...present({ stage, memo }), validation: { sampled, ...present({ last: measured }) } };
}
