import { needOf, wrong } from './declared.js';
import type { Facts, Need, Option } from './option.js';

/** What only programs can give whole, such as a signal or weights in memory. */
export interface OwnFacts extends Facts {
  /** What it must be, in words. */
  readonly expected: string;
  readonly required?: true;
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

const kinds = {
  object: isObject,
  function: (value: unknown): boolean => typeof value === 'function',
  /** Or a text that names it. */
  nameable: (value: unknown): boolean => isObject(value) || (typeof value === 'string' && value !== ''),
};
type Kind = keyof typeof kinds | ((value: unknown) => boolean);

/**
 * An object or a function of a program's own type, without a flag. What it is like inside, whoever uses it finds out, unless a check of its
 * own is given.
 *
 * @example
 * given<AbortSignal>('object', { words: 'stops the work', expected: 'a signal' });
 */
export function given<Value>(
  kind: Kind,
  facts: OwnFacts & { readonly required: true },
): Option<Value, never, 'required'>;
export function given<Value>(
  kind: Kind,
  facts: OwnFacts & { readonly default: Value },
): Option<Value, never, 'defaulted'>;
export function given<Value>(kind: Kind, facts: OwnFacts): Option<Value, never, 'optional'>;
export function given<Value>(
  kind: Kind,
  facts: OwnFacts & { readonly default?: Value },
): Option<Value, never> {
  const fits = typeof kind === 'function' ? kind : kinds[kind];
  return { ...facts, fits, code: wrong, need: needOf(facts), typable: false };
}

/** An object of a program's own type, or a text that names it, or its file, as its flag does. */
export function named<Value>(facts: OwnFacts): Option<Value | string, string, 'optional'> {
  return {
    value: 'FILE',
    ...facts,
    fits: (value) => kinds.nameable(value),
    code: wrong,
    need: 'optional',
    typable: true,
    read: (typed) => typed,
  };
}

/** An option without its flag: only programs can give it. */
export function unflagged<Value, Typed, Needed extends Need>(
  option: Option<Value, Typed, Needed>,
): Option<Value, never, Needed> {
  const { typed: _, ...declared } = option;
  return { ...declared, typable: false };
}

/**
 * A value of a program's own type that can be typed: `read` makes it of a text, or gives what does not fit.
 *
 * @example
 * parsed<number | 'full'>((text) => (text === 'full' ? text : Number(text)), isLongSide, { … });
 */
export function parsed<Value>(
  read: (typed: string) => unknown,
  fits: (value: unknown) => boolean,
  facts: OwnFacts & { readonly default: Value },
): Option<Value, Value, 'defaulted'>;
export function parsed<Value>(
  read: (typed: string) => unknown,
  fits: (value: unknown) => boolean,
  facts: OwnFacts,
): Option<Value, Value, 'optional'>;
export function parsed<Value>(
  read: (typed: string) => unknown,
  fits: (value: unknown) => boolean,
  facts: OwnFacts & { readonly default?: Value },
): Option<Value, Value> {
  return { ...facts, fits, code: wrong, need: needOf(facts), typable: true, read };
}
