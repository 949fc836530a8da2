export { damage } from './damage.js';
export { measureScorer, rightOrders, type ScorerMeasures } from './measure-scorer.js';
export * from './score-rule.js';
export {
  type GradedBatch,
  type ScorerLesson,
  scorerData,
  scorerObjective,
  VERSIONS,
} from './scorer-objective.js';
export { scorerPreset } from './scorer-preset.js';
export { DETAIL_SIDE, OVERVIEW_SIDE, SCORER_LEAST_SIDE, type ScorerViews, scorerViews } from './views.js';
