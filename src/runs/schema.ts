import {
  array,
  boolean,
  custom,
  exactOptional,
  type GenericSchema,
  integer,
  type InferIssue,
  lazy,
  length,
  maxValue,
  minLength,
  minValue,
  nullable as orNull,
  number,
  picklist,
  pipe,
  record,
  safeParse,
  strictObject,
  string,
} from 'valibot';
import { type Option, schemaOf } from '../options/index.js';

/**
 * What a value of JSON must be like, to its leaves: `problem` says in words what is wrong where, or nothing.
 * The places in messages are written as in programs: `recipe.stages[0].patch`.
 */
export interface Schema<T> {
  /** What is wrong with the value that stands at a place. */
  problem(value: unknown, place: string): string | undefined;
  is(value: unknown): value is T;
  /** What checks it. */
  readonly checks: GenericSchema;
  /** What it must be, in words. */
  readonly expected: string;
}

/** The schema of a field that may be left out. */
export interface OptionalSchema<T> extends Schema<T> {
  readonly optional: true;
}

/** A schema for every field of a type, so that none can be forgotten: those that may be left out are marked. */
export type Fields<T> = {
  readonly [K in keyof T]-?: Record<never, never> extends Pick<T, K>
    ? OptionalSchema<Required<T>[K]>
    : Schema<T[K]>;
};

/** A schema of valibot's, in whose messages is what is expected. */
function schema<T>(checks: GenericSchema, expected: string): Schema<T> {
  return {
    checks,
    expected,
    is: (value): value is T => safeParse(checks, value).success,
    problem(value, place) {
      const [issue] = safeParse(checks, value, { abortEarly: true }).issues ?? [];
      return issue && problemOf(issue, place);
    },
  };
}

function problemOf({ path, message, input }: InferIssue<GenericSchema>, place: string): string {
  const where = (path ?? []).reduce(
    (so, { type, key }) => (type === 'array' ? `${so}[${String(key)}]` : at(so, String(key))),
    place,
  );
  if (message === unknownField) return `${where} is no setting that this revela knows`;
  return `${where === '' ? 'it' : where} must be ${message}, got ${shown(input)}`;
}

/** In place of what is expected, where a field is none. */
const unknownField = 'no field';

/** A value as one recognises it, and no more of it than fits into a line. */
function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

export const text: Schema<string> = schema(string('a text'), 'a text');

export const flag: Schema<boolean> = schema(boolean('true or false'), 'true or false');

/** A number within bounds, both allowed. */
export function numberFrom(least: number, most: number): Schema<number> {
  const expected = `a number from ${least} to ${most}`;
  return schema(pipe(number(expected), minValue(least, expected), maxValue(most, expected)), expected);
}

/** A whole number within bounds, both allowed. */
export function wholeFrom(least: number, most: number): Schema<number> {
  const expected = `a whole number from ${least} to ${most}`;
  const within = pipe(
    number(expected),
    integer(expected),
    minValue(least, expected),
    maxValue(most, expected),
  );
  return schema(within, expected);
}

/** What an option takes: the settings of a run keep what it was told. */
export const asOption = <T>(option: Option<T>): Schema<T> => schema(schemaOf(option), option.expected);

export function oneOf<T extends string | number>(list: readonly T[]): Schema<T> {
  const expected = `one of ${list.join(', ')}`;
  return schema(picklist(list, expected), expected);
}

/** Nothing but this value. */
export const exactly = <T extends string>(only: T): Schema<T> => oneOf([only]);

export const nullable = <T>({ checks, expected }: Schema<T>): Schema<T | null> =>
  schema(orNull(checks), expected);

export const optional = <T>(inner: Schema<T>): OptionalSchema<T> => ({ ...inner, optional: true });

/** What fits to at least one of them; of what fits to none, the problem with the last is told. */
export const either = <A, B>(first: Schema<A>, second: Schema<B>): Schema<A | B> =>
  schema(
    lazy((value) => (first.is(value) ? first.checks : second.checks)),
    second.expected,
  );

/** A list of at least so many entries. */
export function listOf<T>(entry: Schema<T>, least = 0): Schema<readonly T[]> {
  const enough = minLength<unknown[], number, string>(least, `a list of at least ${least}`);
  return schema(pipe(array(entry.checks, 'a list'), enough), 'a list');
}

export function pairOf<T>(entry: Schema<T>): Schema<readonly [T, T]> {
  const two = length<unknown[], 2, string>(2, 'a list of two');
  return schema(pipe(array(entry.checks, 'a list of two'), two), 'a list of two');
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object, which a list is not. */
const anObject = custom<Readonly<Record<string, unknown>>>(isRecord, 'an object');

/** An object with any names. */
export const recordOf = <T>(entry: Schema<T>): Schema<Readonly<Record<string, T>>> =>
  schema(pipe(anObject, record(string(), entry.checks)), 'an object');

/** An object with these fields and no others. */
export function objectOf<T extends object>(fields: Fields<T>): Schema<T> {
  const known = new Map<string, Schema<unknown>>(Object.entries(fields));
  const entries = [...known].map(([name, field]) => [
    name,
    'optional' in field ? exactOptional(field.checks) : field.checks,
  ]);
  const checks: Readonly<Record<string, GenericSchema>> = Object.fromEntries(entries);
  // Of a field that is missing valibot tells its name: it must be what any value of it must be.
  const missing = ({ expected }: { readonly expected: string | null }): string =>
    known.get(/^"(.*)"$/.exec(expected ?? '')?.[1] ?? '')?.expected ?? unknownField;
  return schema(pipe(anObject, strictObject(checks, missing)), 'an object');
}

const at = (place: string, name: string): string => (place === '' ? name : `${place}.${name}`);
