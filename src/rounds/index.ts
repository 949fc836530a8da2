export { type Bench, openBench } from './bench.js';
export { crewObjective, type CrewPlan, momentsIn } from './crew-trainer.js';
export { laneSeed } from './lane-seed.js';
export { areFinite, meanInOrder, normOf, type Tensors } from './mean-in-order.js';
export { averageAfter, type OuterOptions, type OuterState, outerStep } from './outer-step.js';
export {
  roundNumbers,
  type RoundNumbers,
  type Contribution,
  type Crew,
  type Moments,
  type Round,
  type RoundOutcome,
  type ShareKind,
  type ShareResult,
  type ShareTask,
} from './round.js';
export { roundEnds, type RoundCount, type RoundRule, roundRule } from './round-end.js';
