// What options choose among: a door beside index.ts, which loads what trains.
export { distilled } from './distillation.js';
export type { InferenceMethod } from './method.js';
export {
  denoisingMethods,
  inferenceMethods,
  learnsFromPairs,
  learnsFromPictures,
  supervisedMethods,
} from './methods.js';
