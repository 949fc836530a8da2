export {
  choice,
  flag,
  flagOrText,
  given,
  list,
  named,
  oneOrMore,
  parsed,
  path,
  rows,
  text,
  unflagged,
} from './builders.js';
export { flagOf, hasFlagOfParts } from './flag.js';
export { checked, checkValue, chosen, type Retold, retold, settled, takes, without } from './check.js';
export type { Facts, FlagsOf, Need, Option, Options, OptionsOf, Settled } from './option.js';
export { ifRight, readJson } from './json.js';
export { overwriteOptions } from './overwrite.js';
export { type Bounds, number, numberOf, whole } from './numbers.js';
export { nameOr, parts } from './parts.js';
export { americanOf, britishOf } from './spelling.js';
