// A door of its own: the options that this room declares, for help, without loading what does the work.
export { convertOptions } from './convert-options.js';
export { budgetOptions, learningOptions, startOptions, weightsNaming } from './learning-options.js';
