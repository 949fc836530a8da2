// A door of its own: the options that this room declares, for help, without loading what does the work.
export { compareOptions } from './compare-options.js';
export { burstOptions } from './culling/burst-options.js';
export { comparingOptions, scoringOptions } from './option-tables.js';
export { metricOptions, metricsOptions, scorePicturesOptions } from './score-options.js';
export { calibrateSfdIqaOptions } from './sfd-iqa/calibration-options.js';
