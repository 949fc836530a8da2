// What options choose among, and the measures there are, with their options: a door beside index.ts, which loads what measures open.
export { burstDefaults } from './culling/burst-options.js';
export { lossNames } from './loss/loss-names.js';
export type { MeasureOption, OptionForm } from './measure-option.js';
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
  type OwnedOption,
  scoringOptions,
} from './option-tables.js';
