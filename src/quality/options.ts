// A door of its own: the options that this room declares, for flags and help, without loading what does the work.
export { ilNiqeFitOptions, niqeFitOptions } from './fit-options.js';
