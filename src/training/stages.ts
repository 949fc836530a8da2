import { Belongings, disposable } from '../belongings.js';
import type { Schedule } from '../nn/index.js';
import type { Runtime } from '../runtime/index.js';
import { checkBudget, usedShare } from './budget.js';
import { startingState, type TrainingPlan, type TrainingState, train } from './loop.js';
import type { DataSource, Feeds } from './data-source.js';
import type { AdversarialObjective } from './game.js';
import type { Objective } from './objective.js';
import type { OutsideObjective } from './outside.js';

/** What a stage learns from, ready. */
export interface Opened extends AsyncDisposable {
  readonly objective: Objective | AdversarialObjective | OutsideObjective;
  readonly data: DataSource<Feeds>;
  /** Frees it. */
  close(): Promise<void>;
}

/**
 * What a stage learns from, of a source of batches that is closed with it, and at once where no objective can be made of it.
 *
 * @example
 * open: async (startStep) => openedOf(await batchesByStep(open, startStep), (batches) => ({ objective, data: dataOf(batches) }))
 */
export async function openedOf<Source extends AsyncDisposable>(
  source: Source,
  lessonOf: (source: Source) => Pick<Opened, 'objective' | 'data'>,
): Promise<Opened> {
  await using held = new Belongings();
  const { objective, data } = lessonOf(held.add(source));
  const own = held.handOver();
  return disposable({ objective, data, close: () => own.close() });
}

/** A part of a training, with an objective and a schedule of its own. */
export interface Stage {
  /** Share of the budget; those of all stages together are 1. */
  readonly share: number;
  /** By the steps since the stage began, and by the share of the stage that is used. */
  readonly schedule: Schedule;
  /** Pixels a step, by which its memory is foretold; default: as many as in other stages. */
  readonly pixels?: number;
  /** Makes ready what the stage learns from, beginning with the batch of that step. */
  open(startStep: number): Opened | Promise<Opened>;
}

/** How to train in stages: as a {@link TrainingPlan} says, but for what each stage has for itself. */
export interface StagedPlan
  extends Omit<TrainingPlan, 'objective' | 'data' | 'schedule' | 'span' | 'growth'> {
  readonly stages: readonly Stage[];
}

/**
 * Trains stage after stage; each goes on with the parameters, the optimiser's state and the average of the one before.
 * A run that was stopped in any stage and goes on from its state ends with the same numbers, given a budget of steps.
 *
 * @throws RevelaError as {@link train}
 *
 * @example
 * await trainInStages(runtime, { ...plan, stages: [{ share: 0.6, ...large }, { share: 0.4, ...small }] });
 */
export async function trainInStages(
  runtime: Runtime,
  { stages, ...plan }: StagedPlan,
): Promise<TrainingState> {
  checkBudget(plan.budget);
  let state = startingState(plan);
  const resumed = state.stage ?? { index: 0, step: 0 };
  for (const [index, { schedule, pixels = 1, open }] of stages.entries()) {
    if (index < resumed.index) continue;
    if (plan.signal?.aborted === true) break;
    const stage = index === resumed.index ? resumed : { index, step: state.step };
    const span = { step: stage.step, from: endOf(stages, index - 1), to: endOf(stages, index) };
    state = { ...state, stage };
    if (usedShare(plan.budget, state.step, state.seconds) >= span.to) continue;
    const most = Math.max(...stages.slice(index).map((later) => later.pixels ?? pixels));
    const growth = most / pixels;
    {
      await using opened = await open(state.step);
      const { objective, data } = opened;
      state = await train(runtime, { ...plan, objective, data, schedule, span, growth, start: state });
    }
    // The next stage takes its time to begin: what was done till here should not be lost in it.
    if (index < stages.length - 1) await plan.onCheckpoint?.(state);
  }
  return state;
}

/** The share of the budget at which a stage ends: the last one at exactly 1. */
function endOf(stages: readonly Stage[], index: number): number {
  if (index === stages.length - 1) return 1;
  return stages.slice(0, index + 1).reduce((sum, { share }) => sum + share, 0);
}
