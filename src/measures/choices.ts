// What options choose among, and the measures there are, with their options: a door beside index.ts, which loads what measures open.
export { lossNames } from './loss/loss-names.js';
export type { MeasureOption, OptionTable } from './measure-option.js';
export {
  comparingMeasuresNamed,
  defaultMeasure,
  defaultReferenceMetrics,
  docsPages,
  type MeasureName,
  measureNamed,
  measureNames,
  measures,
  type ReferenceMeasure,
  type ReferenceMeasureName,
  referenceMeasures,
  settledMetrics,
} from './measures.js';
export {
  comparingOptions,
  distanceFamilies,
  type DistanceFamily,
  distanceModels,
  type FilesOfDistances,
  scoringOptions,
} from './option-tables.js';
