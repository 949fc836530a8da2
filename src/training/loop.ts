import { RevelaError } from '../errors.js';
import type { Optimiser, Schedule } from '../nn/index.js';
import type { Runtime } from '../runtime/index.js';
import type { TensorValue } from '../tensor/index.js';
import type { Budget } from './budget.js';
import { checkBudget, remainingSeconds, usedShare } from './budget.js';
import type { Objective } from './objective.js';
import type { Trainer } from './trainer.js';
import { createTrainer, initialState } from './trainer.js';
import type { StateGroups } from './update.js';

/** Where training stands: everything that the rest of the run depends on. */
export interface TrainingState {
  /** Steps done. */
  readonly step: number;
  /** Seconds of training, without pauses between a stop and its resumption. */
  readonly seconds: number;
  readonly tensors: StateGroups<TensorValue>;
}

/** What one step reports to whoever watches. */
export interface StepReport {
  /** Steps done, this one included. */
  readonly step: number;
  readonly loss: number;
  readonly gradientNorm: number;
  readonly learningRate: number;
  readonly seconds: number;
  readonly remainingSeconds: number;
}

/** How to train. */
export interface TrainingPlan {
  readonly objective: Objective;
  readonly optimiser: Optimiser;
  readonly schedule: Schedule;
  readonly budget: Budget;
  /** Decay of the moving average of the parameters; it starts low and grows to this. */
  readonly averageDecay: number;
  /** Largest norm of the gradients; larger ones are scaled down. */
  readonly clip?: number;
  /** Start here: fresh parameters, or the state of an earlier run. */
  readonly start: Readonly<Record<string, TensorValue>> | TrainingState;
  /** Seconds between calls of `onCheckpoint`. */
  readonly checkpointEvery?: number;
  readonly onStep?: (report: StepReport) => void | Promise<void>;
  readonly onCheckpoint?: (state: TrainingState) => Promise<void>;
  /** Stops after the step in progress; the state so far is returned, not thrown away. */
  readonly signal?: AbortSignal;
}

const isState = (start: TrainingPlan['start']): start is TrainingState =>
  typeof start['step'] === 'number' && typeof start['seconds'] === 'number';

/**
 * Trains until the budget is used up or the signal stops it. Given the same start, objective and a budget of steps,
 * a run that was interrupted and resumed ends with the same numbers as one that was not.
 *
 * @throws RevelaError when the loss stops being finite; the checkpoints so far are good.
 */
export async function train(runtime: Runtime, plan: TrainingPlan): Promise<TrainingState> {
  checkBudget(plan.budget);
  const { start, optimiser } = plan;
  const from = isState(start) ? start : { step: 0, seconds: 0, tensors: initialState(optimiser, start) };
  const clip = plan.clip === undefined ? {} : { clip: plan.clip };
  const trainer = await createTrainer(runtime, plan.objective, optimiser, from.tensors, clip);
  try {
    return await loop(trainer, plan, from);
  } finally {
    await trainer.close();
  }
}

async function loop(trainer: Trainer, plan: TrainingPlan, from: TrainingState): Promise<TrainingState> {
  const { budget, objective, schedule, checkpointEvery = 60 } = plan;
  const begin = performance.now() - from.seconds * 1000;
  const elapsed = (): number => (performance.now() - begin) / 1000;
  let step = from.step;
  let saved = from.seconds;
  const state = async (): Promise<TrainingState> => ({
    step,
    seconds: elapsed(),
    tensors: await trainer.read(),
  });

  let next = objective.feeds(step);
  // Nobody waits for it where there is nothing left to do.
  next.catch(() => undefined);
  while (usedShare(budget, step, elapsed()) < 1 && plan.signal?.aborted !== true) {
    const feeds = await next;
    const learningRate = schedule(step, usedShare(budget, step, elapsed()));
    const decay = Math.min(plan.averageDecay, (1 + step) / (10 + step));
    const running = trainer.step(feeds, { learningRate, step: step + 1, decay });
    // The next batch is made ready while this one trains.
    next = objective.feeds(step + 1);
    next.catch(() => undefined);
    const { loss, gradientNorm } = await running;
    if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm))
      throw new RevelaError(
        `training diverged at step ${step + 1}: the loss is ${loss}; lower the learning rate, or resume from the last checkpoint`,
      );
    step += 1;
    const seconds = elapsed();
    const remaining = remainingSeconds(budget, step, seconds);
    await plan.onStep?.({ step, loss, gradientNorm, learningRate, seconds, remainingSeconds: remaining });
    if (plan.onCheckpoint !== undefined && seconds - saved >= checkpointEvery) {
      saved = seconds;
      await plan.onCheckpoint(await state());
    }
  }
  return state();
}
