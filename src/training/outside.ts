import type { Optimiser } from '../nn/index.js';
import type { Runtime } from '../runtime/index.js';
import type { TrainingState } from './loop.js';
import type { StepNumbers, StepResult, Trainer, TrainerOptions } from './trainer.js';

/** What steps are told that are done at once. */
export interface OutsideNumbers extends StepNumbers {
  /** Of each of them, the first one's first; `step` and `decay` are the first one's. */
  readonly learningRates: readonly number[];
}

/** A trainer whose steps are done elsewhere, and which is fed nothing. */
export interface OutsideTrainer extends Omit<Trainer, 'step'> {
  /** How many steps it does at once, at most. */
  readonly stride: number;
  /** @returns what they came to on average; `undefined` where they were broken off, and nothing has changed */
  steps(numbers: OutsideNumbers): Promise<StepResult | undefined>;
  /** What a checkpoint holds besides tensors, as text. */
  memo(): string | undefined;
}

/** What is learnt elsewhere, by others: it brings a trainer of its own. */
export interface OutsideObjective {
  trainer(
    runtime: Runtime,
    optimiser: Optimiser,
    start: TrainingState,
    how: TrainerOptions,
  ): Promise<OutsideTrainer>;
}
