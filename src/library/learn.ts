import type { DenoisingMethod } from '../denoise/index.js';
import type { Picture } from '../images/index.js';
import { createPatchSource } from '../images/index.js';
import type { NetworkDescription } from '../networks/index.js';
import { adam, cosineSchedule } from '../nn/index.js';
import type { Runtime } from '../runtime/index.js';
import type { TensorValue } from '../tensor/index.js';
import type { Budget, Progress, TrainingPlan, TrainingState } from '../training/index.js';
import { denoisingObjective, train } from '../training/index.js';
import type { LearningNumbers } from './denoiser-options.js';

/** The rate at which learning ends, as a share of the highest. */
const FINAL_RATE = 0.02;

/** Steps over which the rate rises to its highest. */
const WARM_UP = 30;

/** Adam's β₂ is shorter than usual: in a training of minutes the gradients' size changes fast. */
const BETAS = [0.9, 0.99] as const;

/** What moves the weights. */
export const OPTIMISER = adam({ betas: BETAS });

/** Highest learning rate for fresh weights; wider networks move in smaller steps. */
export function freshRate({ width }: NetworkDescription): number {
  return 2e-3 * Math.min(1, Math.sqrt(32 / width));
}

/** Highest learning rate for weights that are trained already. */
export const ADAPTING_RATE = 3e-4;

/** Steps of the moving average that is used in the end: 1 / (1 − decay). */
const AVERAGE_DECAY = 0.995;

/** What to learn from, and how. */
export interface Lesson {
  readonly method: DenoisingMethod;
  readonly description: NetworkDescription;
  readonly numbers: LearningNumbers;
  readonly budget: Budget;
  /** Picture files, or pictures in memory. */
  readonly files?: readonly string[];
  readonly pictures?: readonly Picture[];
  readonly start: TrainingPlan['start'];
  readonly onProgress?: (progress: Progress) => void;
  readonly onStep?: TrainingPlan['onStep'];
  readonly onCheckpoint?: TrainingPlan['onCheckpoint'];
  readonly checkpointEvery?: number;
  readonly signal?: AbortSignal;
}

const startStep = (start: TrainingPlan['start']): number =>
  typeof start['step'] === 'number' ? start['step'] : 0;

/** Learns a denoiser from noisy pictures alone; stops early, with the state so far, when the signal says so. */
export async function learn(runtime: Runtime, lesson: Lesson): Promise<TrainingState> {
  const { method, description, numbers, budget, onProgress } = lesson;
  const size = { batch: numbers.batch, patch: numbers.patch };
  const source = createPatchSource({
    ...(lesson.files === undefined ? {} : { files: lesson.files }),
    ...(lesson.pictures === undefined ? {} : { pictures: lesson.pictures }),
    ...size,
    seed: numbers.seed,
    startStep: startStep(lesson.start),
  });
  const first = {
    step: startStep(lesson.start),
    seconds: 'seconds' in lesson.start && typeof lesson.start.seconds === 'number' ? lesson.start.seconds : 0,
  };
  try {
    return await train(runtime, {
      objective: denoisingObjective(method, description.network, source, size, numbers.seed),
      optimiser: OPTIMISER,
      schedule: cosineSchedule(numbers.learningRate, { floor: FINAL_RATE, warmUp: WARM_UP }),
      budget,
      averageDecay: AVERAGE_DECAY,
      start: lesson.start,
      ...(lesson.checkpointEvery === undefined ? {} : { checkpointEvery: lesson.checkpointEvery }),
      ...(lesson.onCheckpoint === undefined ? {} : { onCheckpoint: lesson.onCheckpoint }),
      ...(lesson.signal === undefined ? {} : { signal: lesson.signal }),
      onStep: async (report) => {
        onProgress?.({
          kind: 'training',
          step: report.step,
          ...(budget.steps === undefined ? {} : { steps: budget.steps }),
          loss: report.loss,
          learningRate: report.learningRate,
          patchesPerSecond: ((report.step - first.step) * numbers.batch) / (report.seconds - first.seconds),
          elapsedSeconds: report.seconds,
          remainingSeconds: report.remainingSeconds,
        });
        await lesson.onStep?.(report);
      },
    });
  } finally {
    await source.close();
  }
}

/** The averaged parameters of a state: what is used and saved in the end. */
export function averagedParameters(state: TrainingState): Readonly<Record<string, TensorValue>> {
  return state.tensors['average'] ?? {};
}
