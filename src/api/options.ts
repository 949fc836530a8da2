// A door of its own: the options of the library, for flags and help, without loading what does the work.
export {
  budgetOptions,
  convertOptions,
  learningOptions,
  startOptions,
  weightsNaming,
} from '../models/options.js';
export {
  callOptions,
  deviceOptions,
  exportDenoiserOptions,
  inferenceOptions,
  machineOptions,
  removalOptions,
  tileOptions,
} from '../apply/options.js';
export {
  applyingOptions,
  degradeOptions,
  denoiseOptions,
  detailOptions,
  openDenoiserOptions,
  upscaleOptions,
} from '../restore/options.js';
export {
  agreementOptions,
  heatMapOptions,
  ilNiqeOptions,
  intervalOptions,
  lpipsOptions,
  psnrOptions,
  ssimOptions,
} from '../quality/options.js';
export {
  burstOptions,
  calibrateSfdIqaOptions,
  compareOptions,
  comparingOptions,
  metricsOptions,
  scorePicturesOptions,
  scoringOptions,
} from '../measures/options.js';
export {
  evaluateDenoiserOptions,
  evaluateQualityOptions,
  evaluateUpscalerOptions,
  findLargeOptions,
  findPairsOptions,
  opinionOptions,
  selectionOptions,
} from '../evaluation/options.js';
export {
  denoiserParts,
  distillOptions,
  distillParts,
  runFolderOptions,
  runOptions,
  scorerParts,
  trainDenoiserOptions,
  trainIlNiqeOptions,
  trainNiqeOptions,
  trainScorerOptions,
  trainUpscalerOptions,
  upscalerParts,
} from '../runs/options.js';
export { encodingOptions, formatOptions, readOptions, searchOptions } from '../images/options.js';
export {
  addOptions as addModelOptions,
  pullOptions as pullModelOptions,
} from '../weights/options.js';
