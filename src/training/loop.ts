import { RevelaError } from '../errors.js';
import { present } from '../present.js';
import type { Optimiser, Schedule } from '../nn/index.js';
import type { Runtime } from '../runtime/index.js';
import type { TensorValue } from '../tensor/index.js';
import { createAdversarialTrainer } from './adversarial.js';
import type { Budget } from './budget.js';
import { checkBudget, remainingSeconds, usedShare } from './budget.js';
import type { DataSource, Feeds } from './data-source.js';
import { type Course, divergenceWatch } from './divergence.js';
import type { AdversarialObjective } from './game.js';
import { goodState } from './good-state.js';
import type { Objective } from './objective.js';
import type { OutsideObjective, OutsideTrainer } from './outside.js';
import type { Trainer } from './trainer.js';
import { createTrainer, initialState } from './trainer.js';
import type { StateGroups } from './update.js';

/** Where training stands: everything that the rest of the run depends on. */
export interface TrainingState {
  /** Steps done. */
  readonly step: number;
  /** Seconds of training, without validation and without pauses between a stop and its resumption. */
  readonly seconds: number;
  readonly tensors: StateGroups<TensorValue>;
  /** Of a training in stages: the one in progress, and the steps that were done when it began. */
  readonly stage?: { readonly index: number; readonly step: number };
  /** What its trainer has to know besides. */
  readonly memo?: string;
}

/** What one step, or several that are done at once, reports to whoever watches. */
export interface StepReport {
  /** Steps done, this one included. */
  readonly step: number;
  readonly loss: number;
  readonly gradientNorm: number;
  readonly learningRate: number;
  readonly seconds: number;
  readonly remainingSeconds: number;
  /** Seconds that the step waited for its data. */
  readonly waitedSeconds: number;
  /** What else the step measured, by name. */
  readonly numbers?: Readonly<Record<string, number>>;
  /** What the validation after this step measured, where there was one. */
  readonly measured?: Readonly<Record<string, number>>;
}

/** A moment between two steps. */
export interface Moment {
  /** Steps done. */
  readonly step: number;
  /** Steps that were done before, where the last ones were several at once. */
  readonly before?: number;
  readonly seconds: number;
  /** The share of the budget that is used, 0…1. */
  readonly share: number;
}

/** Measuring what was learnt so far. Its time is not training time, and it must not touch what training depends on. */
export interface Validation {
  due(moment: Moment): boolean;
  /**
   * @param weights what a training that ended here would give
   * @returns names and numbers for the record; undefined where it was broken off
   */
  run(
    moment: Moment,
    weights: Readonly<Record<string, TensorValue>>,
  ): Promise<Readonly<Record<string, number>> | undefined>;
}

/** How to train. */
export interface TrainingPlan {
  readonly objective: Objective | AdversarialObjective | OutsideObjective;
  /** What its steps are fed. */
  readonly data: DataSource<Feeds>;
  readonly optimiser: Optimiser;
  /** By the step and by the share of the budget that is used, both counted within `span`. */
  readonly schedule: Schedule;
  readonly budget: Budget;
  /** Decay of the moving average of the parameters; it starts low and grows to this. With 0 the last parameters count. */
  readonly averageDecay: number;
  /** Largest norm of the gradients; larger ones are scaled down. */
  readonly clip?: number;
  /** Start here: fresh parameters, or the state of an earlier run. */
  readonly start: Readonly<Record<string, TensorValue>> | TrainingState;
  /** The part of the budget to train for, which began after `step` steps; default: all of it. */
  readonly span?: { readonly step: number; readonly from: number; readonly to: number };
  /** How many times as many pixels the largest later stage has a step; default 1. Memory is asked for that before the first. */
  readonly growth?: number;
  /** Seconds between calls of `onCheckpoint`. */
  readonly checkpointEvery?: number;
  readonly validation?: Validation;
  readonly onStep?: (report: StepReport) => void | Promise<void>;
  readonly onCheckpoint?: (state: TrainingState) => Promise<void>;
  /** Stops after the step in progress; the state so far is returned, not thrown away. */
  readonly signal?: AbortSignal | undefined;
}

const isState = (start: TrainingPlan['start']): start is TrainingState =>
  typeof start['step'] === 'number' && typeof start['seconds'] === 'number';

/** The state that a plan starts from. */
export function startingState({
  start,
  optimiser,
}: Pick<TrainingPlan, 'start' | 'optimiser'>): TrainingState {
  return isState(start) ? start : { step: 0, seconds: 0, tensors: initialState(optimiser, start) };
}

/** The kind of tensors that a training gives in the end: the moving average, or the parameters where there is none. */
export function resultKind(averageDecay: number): 'average' | 'parameter' {
  return averageDecay > 0 ? 'average' : 'parameter';
}

/**
 * Trains until the budget is used up or the signal stops it. Given the same start, objective and a budget of steps,
 * a run that was interrupted and resumed ends with the same numbers as one that was not.
 *
 * @throws DivergenceError when a loss or gradient stops being finite, or the loss grows without bound; the last good
 *   state was given to `onCheckpoint`
 */
export async function train(runtime: Runtime, plan: TrainingPlan): Promise<TrainingState> {
  checkBudget(plan.budget);
  const from = startingState(plan);
  const { objective, optimiser, growth = 1 } = plan;
  const how = { growth, ...present({ clip: plan.clip }) };
  await using trainer =
    'trainer' in objective
      ? await objective.trainer(runtime, optimiser, from, how)
      : 'oppose' in objective
        ? await createAdversarialTrainer(runtime, objective, optimiser, from.tensors, how)
        : await createTrainer(runtime, objective, optimiser, from.tensors, how);
  return await loop(trainer, plan, from);
}

async function loop(
  trainer: Trainer | OutsideTrainer,
  plan: TrainingPlan,
  from: TrainingState,
): Promise<TrainingState> {
  const {
    budget,
    data,
    objective,
    schedule,
    checkpointEvery = 60,
    span = { step: 0, from: 0, to: 1 },
  } = plan;
  let begin = performance.now() - from.seconds * 1000;
  const elapsed = (): number => (performance.now() - begin) / 1000;
  let step = from.step;
  let course: Course = 'well';
  let saved = performance.now();
  const state = async (): Promise<TrainingState> => ({
    ...from,
    step,
    seconds: elapsed(),
    tensors: await trainer.read(),
    ...('memo' in trainer && present({ memo: trainer.memo() })),
  });

  const watch = divergenceWatch('oppose' in objective);
  const good = goodState(from);
  /** Ends the training, with the last state that is known to be good. */
  const diverged = async (what: string, kept: TrainingState): Promise<DivergenceError> => {
    if (kept.step > 0) await plan.onCheckpoint?.(kept);
    const remedy =
      kept.step > 0
        ? `what was learnt until step ${kept.step} is kept; begin a new run from these weights`
        : 'nothing was learnt before; begin again';
    return new DivergenceError(
      `training diverged at step ${step + 1}: ${what}; ${remedy}, with a lower learning rate (\`learningRate\`)`,
    );
  };

  let next = data.at(step);
  // Nobody waits for it where there is nothing left to do.
  next.catch(() => undefined);
  while (usedShare(budget, step, elapsed()) < span.to && plan.signal?.aborted !== true) {
    const asked = performance.now();
    const feeds = await next;
    const waitedSeconds = (performance.now() - asked) / 1000;
    const stride = 'stride' in trainer ? trainer.stride : 1;
    const learningRates = ratesOf(schedule, span, stride, step, (at) => usedShare(budget, at, elapsed()));
    const [learningRate = 0] = learningRates;
    const decay = Math.min(plan.averageDecay, (1 + step) / (10 + step));
    const numbers = { learningRate, step: step + 1, decay };
    const running =
      'steps' in trainer ? trainer.steps({ ...numbers, learningRates }) : trainer.step(feeds, numbers);
    // The next batch is made ready while this one trains.
    next = data.at(step + 1);
    next.catch(() => undefined);
    const result = await running;
    if (result === undefined) break;
    const { loss, gradientNorm, numbers: others } = result;
    if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) {
      const [name, value] = brokenNumber({ ...others, loss, gradientNorm });
      // A step that is not finite has changed nothing: what was learnt until here is good, unless it went wrong before.
      throw await diverged(`${name} is ${value}`, course === 'well' ? await state() : good.state);
    }
    course = watch.take(loss);
    if (course === 'diverged')
      throw await diverged(
        `the loss rose from ${watch.first.toPrecision(3)} to ${loss.toPrecision(3)}`,
        good.state,
      );
    const before = step;
    step += learningRates.length;
    const seconds = elapsed();
    const measured = await validate(trainer, plan, { before, step, seconds });
    begin += (elapsed() - seconds) * 1000;
    await plan.onStep?.({
      step,
      loss,
      gradientNorm,
      learningRate,
      seconds,
      remainingSeconds: remainingSeconds(budget, step, seconds),
      waitedSeconds,
      ...present({ numbers: others, measured }),
    });
    await good.after(step, course === 'well', state);
    // By the clock on the wall: a long validation must not be lost either.
    if (plan.onCheckpoint !== undefined && performance.now() - saved >= checkpointEvery * 1000) {
      const now = await state();
      await plan.onCheckpoint(now);
      if (course === 'well') good.offer(now);
      saved = performance.now();
    }
  }
  return state();
}

/** The rates of the next steps, as many as are done at once: at least one, and none beyond the end of the span. */
function ratesOf(
  schedule: Schedule,
  span: NonNullable<TrainingPlan['span']>,
  stride: number,
  step: number,
  used: (step: number) => number,
): readonly number[] {
  const rates: number[] = [];
  for (let at = step; at < step + stride; at++) {
    const share = used(at);
    if (at > step && share >= span.to) break;
    const within = (share - span.from) / (span.to - span.from);
    rates.push(schedule(at - span.step, Math.min(1, Math.max(0, within))));
  }
  return rates;
}

/** A training whose numbers stopped being finite or grew without bound; its last good state was given to `onCheckpoint`. */
export class DivergenceError extends RevelaError {
  override readonly name: string = 'DivergenceError';
}

/** The first number that is none, by its name. */
function brokenNumber(numbers: Readonly<Record<string, number>>): readonly [string, number] {
  const found = Object.entries(numbers).find(([, value]) => !Number.isFinite(value));
  return found ?? ['loss', Number.NaN];
}

async function validate(
  trainer: Pick<Trainer, 'read'>,
  { validation, budget, averageDecay }: TrainingPlan,
  { before, step, seconds }: Required<Omit<Moment, 'share'>>,
): Promise<Readonly<Record<string, number>> | undefined> {
  const moment = { before, step, seconds, share: usedShare(budget, step, seconds) };
  if (validation?.due(moment) !== true) return undefined;
  const kind = resultKind(averageDecay);
  const read = await trainer.read([kind]);
  return validation.run(moment, read[kind] ?? {});
}
