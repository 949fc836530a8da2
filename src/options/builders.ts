import {
  array,
  boolean,
  custom,
  minLength,
  nonEmpty,
  pipe,
  safeParse,
  strictObject,
  string,
  union,
} from 'valibot';
import { present } from '../present.js';
import { type Given, type NeedIn, needOf, wrong } from './declared.js';
import type { Facts, Option, Options } from './option.js';
import type { OwnFacts } from './own-values.js';
import { bySchema, schemaOf } from './schema.js';

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
    ...bySchema(pipe(string(expected), nonEmpty(expected))),
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
    ...bySchema(union([boolean(), pipe(string(), nonEmpty())], expected)),
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
    ...bySchema(pipe(array(schemaOf(one), expected), minLength(least, expected))),
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
  return { ...several, expected, ...bySchema(union([schemaOf(one), schemaOf(several)], expected)) };
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
  const schemas = Object.entries(fields).map(([name, field]) => [name, schemaOf(field)] as const);
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
  return { ...facts, ...bySchema(schema), fields: repeated, code: wrong, need: 'optional', typable: true };
}

interface ListFacts {
  /** What it lists, for messages: `pictures`. */
  readonly expected?: string;
  readonly least?: number;
  /** Whether several may stand in one word with commas between them. */
  readonly commas?: boolean;
}
