// A door of its own: the options that this room declares, for flags and help, without loading what does the work.
export { encodingOptions, formatOptions, readOptions } from './picture-options.js';
export { searchOptions } from './search-options.js';
