/**
 * Numbers, choices and switches, and their check: a door beside index.ts that loads no library of schemas, for what must be there at once.
 */
export { checked, checkValue, chosen, type Retold, retold, settled, without } from './check.js';
export { choice, flag } from './choice.js';
export { type Bounds, number, numberOf, whole } from './numbers.js';
export type { Facts, FlagsOf, Need, Option, Options, OptionsOf, Settled } from './option.js';
export { given, named, parsed, unflagged } from './own-values.js';
