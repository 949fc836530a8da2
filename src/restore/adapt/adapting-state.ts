import type { Progress } from '../../apply/anywhere.js';
import type { NoiseProcess } from '../../noise/index.js';
import type { TensorValue } from '../../tensor/index.js';
import type { TrainingState } from '../../training/index.js';

/** Where learning from pictures stands: with it, it goes on another time. */
export interface AdaptingState {
  /** Left out before the first step. */
  readonly training?: TrainingState;
  /** What makes a noise like that of each picture, where that was found out first. */
  readonly processes?: readonly (readonly NoiseProcess[])[];
}

/** Who watches learning from pictures, and may end it. */
export interface WatchAdapting {
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Told how much of finding out about the noise is done, 0 to 1. */
  readonly onCalibration?: ((done: number) => void) | undefined;
  /** Gives it up: what was learnt is lost. */
  readonly signal?: AbortSignal | undefined;
  /** Ends it, and keeps the best until then. */
  readonly finish?: AbortSignal | undefined;
  /**
   * Told now and then where it stands; it goes on when that is done.
   *
   * @param parameters what would be taken if it ended here
   */
  readonly onState?:
    | ((state: AdaptingState, parameters: Readonly<Record<string, TensorValue>>) => Promise<void>)
    | undefined;
  /** Seconds from one call of `onState` to the next; default 60. */
  readonly stateEvery?: number | undefined;
  /** Where it goes on; default: it begins. The options must be those that it had. */
  readonly from?: AdaptingState | undefined;
}

/** What ends the steps of learning: it is given up, or finished. */
export function learningSignal(
  signal: AbortSignal | undefined,
  finish: AbortSignal | undefined,
): AbortSignal | undefined {
  if (signal === undefined || finish === undefined) return signal ?? finish;
  return AbortSignal.any([signal, finish]);
}
