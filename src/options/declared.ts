import type { Facts, Need } from './option.js';

/** Whether an option may be left out, as the type of its declaration says. */
export type NeedIn<Given> = Given extends { readonly required: true }
  ? 'required'
  : Given extends { readonly default: unknown }
    ? 'defaulted'
    : 'optional';

/** What a declaration may say besides its kind. */
export interface Given<Value> extends Facts {
  readonly default?: Value;
  readonly required?: true;
}

/** Whether an option may be left out, of what its declaration says. */
export function needOf(facts: Given<unknown>): Need {
  if (facts.required === true) return 'required';
  return facts.default === undefined ? 'optional' : 'defaulted';
}

/** The code of the error for what is no such value at all. */
export const wrong = 'ERR_OPTION';
