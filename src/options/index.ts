export {
  type Bounds,
  choice,
  flag,
  flagOrText,
  given,
  list,
  named,
  number,
  parsed,
  path,
  text,
  unflagged,
  whole,
} from './builders.js';
export { checked, checkValue, chosen, type Retold, retold, settled, takes, without } from './check.js';
export type { Facts, FlagsOf, Need, Option, Options, OptionsOf, Settled } from './option.js';
export { americanOf, britishOf } from './spelling.js';
