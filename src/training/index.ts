export type {
  AdversarialObjective,
  GeneratorTurn,
  Opponent,
  OpponentsTurn,
  Players,
} from './game.js';
export { createAdversarialTrainer } from './adversarial.js';
export { opponentIn } from './adversary.js';
export { BALANCED_STEPS, type Calibration, createScales, type Scales } from './calibration.js';
export type { Budget } from './budget.js';
export { budgetOr, budgetWords, changedBudget, remainingSeconds, usedShare } from './budget.js';
export { describeRun, type RunDescription } from './describe-run.js';
export { type Cadence, validationCadence } from './cadence.js';
export type { Moment, StepReport, TrainingPlan, TrainingState, Validation } from './loop.js';
export { DivergenceError, resultKind, train } from './loop.js';
export { fitting, MemoryShortage } from './memory-forecast.js';
export { meanLoss } from './mean-loss.js';
export type { Objective, Patches } from './objective.js';
export { type Distillation, distillationObjective } from './distillation-objective.js';
export { denoisingObjective } from './objective.js';
export { type PairShapes, type Pairs, pairFeeds, pairShapes } from './pairs.js';
export { honestFrozen, type HonestLosses } from './honest-losses.js';
export { type PairedLesson, pairedObjective } from './paired-objective.js';
export { type PixelLesson, type PixelObjectiveOptions, pixelObjective } from './pixel-objective.js';
export { type SeatedJudge, type SfdGame, sfdFrozen, sfdObjective } from './sfd-objective.js';
export type { Progress } from './progress.js';
export { release, upload } from './learner.js';
export type { StepResult, Trainer } from './trainer.js';
export { createTrainer, initialState } from './trainer.js';
export type { StateGroups, Update, UpdateNumbers } from './update.js';
export { prepareUpdate, stateKinds } from './update.js';
export { type Checkpoint, type StoredCheckpoint, tensorGroup } from './checkpoints.js';
export type { Metrics } from './metrics-log.js';
export { readMetrics } from './read-metrics.js';
export {
  createRunFolder,
  openRunFolder,
  type RunConfig,
  type RunFolder,
  type RunFolderOptions,
} from './run-folder.js';
export type { Sample, SampleWords } from './samples.js';
export { sampleWords } from './samples.js';
export * from './scorer/index.js';
export type { Stage, StagedPlan } from './stages.js';
export { openedOf, trainInStages } from './stages.js';
export { type EventFile, type EventFileOptions, openEventFile } from './tensorboard.js';
