// A door of its own: the options that this room declares, for help, without loading what does the work.
export { findLargeOptions, findPairsOptions, selectionOptions } from './finding-options.js';
export { evaluateQualityOptions, opinionOptions } from './quality-options.js';
export { evaluateDenoiserOptions, evaluateUpscalerOptions } from './evaluation-options.js';
