export { flagOrText, list, oneOrMore, path, rows, text } from './builders.js';
export { flagOf, hasFlagOfParts } from './flag.js';
export { ifRight, readJson } from './json.js';
export { overwriteOptions } from './overwrite.js';
export { nameOr, parts } from './parts.js';
export * from './plain.js';
export { schemaOf } from './schema.js';
export { americanOf, britishOf } from './spelling.js';
