// A door of its own: the options that this room declares, for flags and help, without loading what does the work.
export { addOptions, pullOptions, storeOptions } from './store/store-options.js';
