import {
  array,
  boolean,
  custom,
  minLength,
  nonEmpty,
  picklist,
  pipe,
  safeParse,
  strictObject,
  string,
  union,
} from 'valibot';
import { present } from '../present.js';
import { type Given, type NeedIn, needOf, wrong } from './declared.js';
import type { Facts, Need, Option, Options } from './option.js';

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
    schema: picklist(choices, expected),
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
  return { ...facts, expected, schema: boolean(expected), code: wrong, need: needOf(facts), typable: true };
}

/** Any text but an empty one. */
export function text<const G extends Given<string> & { readonly expected?: string }>(
  facts: G,
): Option<string, string, NeedIn<G>>;
export function text(facts: Given<string> & { readonly expected?: string }): Option<string, string> {
  const { expected = 'a text' } = facts;
  return {
    value: 'TEXT',
    ...facts,
    expected,
    schema: pipe(string(expected), nonEmpty(expected)),
    code: wrong,
    need: needOf(facts),
    typable: true,
    read: (typed) => typed,
  };
}

/** A switch that may have a text: typed alone it is `true`. */
export function flagOrText(facts: Facts): Option<string | boolean, string | true, 'optional'> {
  const expected = 'a text';
  return {
    value: '[TEXT]',
    ...facts,
    expected,
    schema: union([boolean(), pipe(string(), nonEmpty())], expected),
    code: wrong,
    need: 'optional',
    typable: true,
    read: (typed) => typed,
  };
}

/** A path of a file or folder, or what stands for one. */
export function path<const G extends Given<string>>(facts: G): Option<string, string, NeedIn<G>>;
export function path(facts: Given<string>): Option<string, string> {
  return text({ value: 'FILE', expected: 'a path', ...facts });
}

/** Several of another option's values, each typed with a flag of its own, or, with `commas`, in one word. */
export function list<Value, Typed, const G extends Given<readonly Value[]> & ListFacts>(
  one: Option<Value, Typed>,
  facts: G,
): Option<readonly Value[], [Typed] extends [never] ? never : readonly Typed[], NeedIn<G>>;
export function list(
  one: Option,
  { least = 0, commas = false, ...facts }: Given<readonly unknown[]> & ListFacts,
): Option<readonly unknown[], readonly unknown[]> {
  const expected =
    facts.expected === undefined ? `a list, each ${one.expected}` : `a list of ${facts.expected}`;
  const { value = 'NAME', read = (typed: string) => typed } = one;
  const words = (typed: string): readonly string[] =>
    commas
      ? typed
          .split(',')
          .map((word) => word.trim())
          .filter((word) => word !== '')
      : [typed];
  return {
    value,
    ...present({ choices: one.choices }),
    ...facts,
    expected,
    schema: pipe(array(one.schema, expected), minLength(least, expected)),
    code: wrong,
    need: needOf(facts),
    typable: one.typable,
    read: (typed, before) => [
      ...(Array.isArray(before) ? before : []),
      ...words(typed).map((word) => read(word)),
    ],
  };
}

/** The same, or one alone. */
export function oneOrMore<Value, Typed, const G extends Given<readonly Value[]> & ListFacts>(
  one: Option<Value, Typed>,
  facts: G,
): Option<Value | readonly Value[], [Typed] extends [never] ? never : readonly Typed[], NeedIn<G>>;
export function oneOrMore(one: Option, facts: Given<readonly unknown[]> & ListFacts): Option {
  const several = list(one, facts);
  const expected = `${one.expected}, or ${several.expected}`;
  return { ...several, expected, schema: union([one.schema, several.schema], expected) };
}

/**
 * A list of objects with the same fields, of which the command takes each by a flag of its own: the second `--good` belongs to the second
 * `--bad`.
 *
 * @example
 * rows<Pair>({ good: text({ words: '…' }), bad: text({ words: '…' }) }, { expected: 'a list of pairs', words: '…' });
 */
export function rows<Row>(
  fields: Options,
  facts: OwnFacts,
): Option<readonly Row[], readonly Row[], 'optional'> {
  const schemas = Object.entries(fields).map(([name, { schema }]) => [name, schema] as const);
  const row = strictObject(Object.fromEntries(schemas));
  const schema = array(
    custom<Row>((value) => safeParse(row, value).success),
    facts.expected,
  );
  const flags = Object.entries(fields).map(([name, field]) => [
    name,
    list(field, { words: field.words, ...present({ value: field.value, usual: field.usual }) }),
  ]);
  const repeated: Options = Object.fromEntries(flags);
  return { ...facts, schema, fields: repeated, code: wrong, need: 'optional', typable: true };
}

interface ListFacts {
  /** What it lists, for messages: `pictures`. */
  readonly expected?: string;
  readonly least?: number;
  /** Whether several may stand in one word with commas between them. */
  readonly commas?: boolean;
}

/** What only programs can give whole, such as a signal or weights in memory. */
interface OwnFacts extends Facts {
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

/**
 * An object or a function of a program's own type, without a flag. What it is like inside, whoever uses it finds out.
 *
 * @example
 * given<AbortSignal>('object', { words: 'stops the work', expected: 'a signal' });
 */
export function given<Value>(
  kind: keyof typeof kinds,
  facts: OwnFacts & { readonly required: true },
): Option<Value, never, 'required'>;
export function given<Value>(kind: keyof typeof kinds, facts: OwnFacts): Option<Value, never, 'optional'>;
export function given<Value>(kind: keyof typeof kinds, facts: OwnFacts): Option<Value, never> {
  const schema = custom<Value>(kinds[kind], facts.expected);
  return { ...facts, schema, code: wrong, need: needOf(facts), typable: false };
}

/** An object of a program's own type, or a text that names it, or its file, as its flag does. */
export function named<Value>(facts: OwnFacts): Option<Value | string, string, 'optional'> {
  return {
    value: 'FILE',
    ...facts,
    schema: custom<Value | string>(kinds.nameable, facts.expected),
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
  const { expected } = facts;
  const schema = custom<Value>(fits, expected);
  return { ...facts, schema, code: wrong, need: needOf(facts), typable: true, read };
}
