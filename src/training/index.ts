export { createAdversarialTrainer } from './adversarial.js';
export { opponentIn } from './adversary.js';
export type { Budget } from './budget.js';
export { budgetOr, budgetWords, changedBudget, remainingSeconds, usedShare } from './budget.js';
export { type Cadence, validationCadence } from './cadence.js';
export { BALANCED_STEPS, type Calibration, createScales, type Scales } from './calibration.js';
export type {
  AdversarialObjective,
  GeneratorTurn,
  Opponent,
  OpponentsTurn,
  Players,
} from './game.js';
export { type BatchGradients, createGradients, type Gradients } from './gradients.js';
export { createLearner, download, type Learner, release, upload } from './learner.js';
export type { Moment, StepReport, TrainingPlan, TrainingState, Validation } from './loop.js';
export { DivergenceError, resultKind, train } from './loop.js';
export {
  type BatchesInOrder,
  batchesByStep,
  type DataSource,
  type Feeds,
  listedBatches,
  type OpenSource,
} from './data-source.js';
export { meanLoss } from './mean-loss.js';
export { fitting, MemoryShortage } from './memory-forecast.js';
export type { Objective, Patches } from './objective.js';
export type { OutsideNumbers, OutsideObjective, OutsideTrainer } from './outside.js';
export { type Pairs, pairData } from './pairs.js';
export type { Stage, StagedPlan } from './stages.js';
export { openedOf, trainInStages } from './stages.js';
export type { StepNumbers, StepResult, Trainer, TrainerOptions } from './trainer.js';
export { createTrainer, initialState } from './trainer.js';
export type { StateGroups, Update, UpdateNumbers } from './update.js';
export { prepareUpdate, stateKinds } from './update.js';
