// A door of its own: the options that this room declares, for help, without loading what does the work.
export { trainIlNiqeOptions, trainNiqeOptions } from './niqe/niqe-options.js';
