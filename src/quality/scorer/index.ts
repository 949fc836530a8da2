export { damage } from './damage.js';
export * from './score-rule.js';
export { scorerMeasure } from './scorer-measure.js';
export { DETAIL_SIDE, OVERVIEW_SIDE, SCORER_LEAST_SIDE, type ScorerViews, scorerViews } from './views.js';
