export { type GradedBatch, type GradedRequest, gradedMaker, VERSIONS } from './graded-batches.js';
export { createGradedSource, type GradedSource, type GradedSourceOptions } from './graded-source.js';
export { type GradedPictures, type ScorerLesson, scorerObjective } from './scorer-objective.js';
export * from './scorer-preset.js';
export { measureScorer, rightOrders, type ScorerMeasures } from './measure-scorer.js';
