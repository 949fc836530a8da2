import { type Given, type NeedIn, needOf, wrong } from './declared.js';
import type { Option } from './option.js';

/** One of a list of names. */
export function choice<const Names extends readonly string[], const G extends Given<Names[number]>>(
  choices: Names,
  facts: G,
): Option<Names[number], Names[number], NeedIn<G>>;
export function choice(choices: readonly string[], facts: Given<string>): Option<string, string> {
  const expected = `one of ${choices.join(', ')}`;
  return {
    value: 'NAME',
    ...facts,
    expected,
    choices,
    fits: (value) => choices.some((name) => name === value),
    code: wrong,
    need: needOf(facts),
    typable: true,
    read: (typed) => typed,
  };
}

/** A switch. */
export function flag<const G extends Given<boolean>>(facts: G): Option<boolean, boolean, NeedIn<G>>;
export function flag(facts: Given<boolean>): Option<boolean, boolean> {
  const expected = 'true or false';
  const fits = (value: unknown): boolean => typeof value === 'boolean';
  return { ...facts, expected, fits, code: wrong, need: needOf(facts), typable: true };
}
