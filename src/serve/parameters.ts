import { OptionError, optionError } from '../errors.js';

/** An option of a request: how it is read out of a text, and what the OpenAPI document says of it. */
export interface Parameter<Value = unknown> {
  /** What it does, for people. */
  readonly words: string;
  /** What it must be, for people. */
  readonly expected: string;
  readonly schema: Readonly<Record<string, unknown>>;
  /** `undefined` where the text is none of its values. */
  read(text: string): Value | undefined;
}

export type Parameters = Readonly<Record<string, Parameter>>;

/** The values of parameters; what was not given is missing. */
export type ValuesOf<Known extends Parameters> = {
  readonly [Name in keyof Known]?: Known[Name] extends Parameter<infer Value> ? Value : never;
};

const plainNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** A number between two others, these included. */
export function number(from: number, to: number, words: string, whole = false): Parameter<number> {
  return {
    words,
    expected: `a ${whole ? 'whole ' : ''}number from ${from} to ${to}`,
    schema: { type: whole ? 'integer' : 'number', minimum: from, maximum: to },
    read(text) {
      const value = plainNumber.test(text) ? Number(text) : Number.NaN;
      return value >= from && value <= to && (!whole || Number.isInteger(value)) ? value : undefined;
    },
  };
}

/** One of several names. */
export function choice<const Names extends readonly string[]>(
  names: Names,
  words: string,
): Parameter<Names[number]> {
  return {
    words,
    expected: `one of ${names.join(', ')}`,
    schema: { type: 'string', enum: names },
    read: (text) => names.find((name) => name === text),
  };
}

/** Several of some names, with commas between them. */
export function names(known: readonly string[], words: string): Parameter<readonly string[]> {
  return {
    words,
    expected: `${known.join(', ')}; several with commas`,
    schema: { type: 'string', example: known.slice(0, 2).join(',') },
    read: (text) => text.split(',').map((name) => name.trim()),
  };
}

/** A switch. */
export function flag(words: string): Parameter<boolean> {
  return {
    words,
    expected: 'true or false',
    schema: { type: 'boolean' },
    read: (text) => (text === '' || text === 'true' ? true : text === 'false' ? false : undefined),
  };
}

/** What options that come as headers begin with: `Revela-Strength: 60`. */
export const headerPrefix = 'revela-';

/** The options of a request, by name: those of its query, and of its headers those that the query lacks. */
export function givenOptions(query: URLSearchParams, headers: Headers): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  headers.forEach((value, name) => {
    if (name.startsWith(headerPrefix)) given.set(name.slice(headerPrefix.length), value.trim());
  });
  const seen = new Set<string>();
  for (const [name, value] of query) {
    if (seen.has(name)) throw new OptionError(`\`${name}\` is there twice; give it once`);
    seen.add(name);
    given.set(name, value);
  }
  return given;
}

/**
 * Reads options.
 *
 * @param what whose options these are, for the message
 * @throws OptionError for an option that is not known, and a value that it does not take
 */
export function valuesOf<Known extends Parameters>(
  what: string,
  known: Known,
  given: ReadonlyMap<string, string>,
): ValuesOf<Known>;
export function valuesOf(
  what: string,
  known: Parameters,
  given: ReadonlyMap<string, string>,
): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  for (const [name, text] of given) {
    const parameter = Object.hasOwn(known, name) ? known[name] : undefined;
    if (parameter === undefined)
      throw new OptionError(
        `${what} has no option ${JSON.stringify(name.slice(0, 60))}; it has ${Object.keys(known).join(', ')}`,
      );
    const value = parameter.read(text);
    if (value === undefined) throw optionError(name, parameter.expected, text, { shown: text.slice(0, 60) });
    values[name] = value;
  }
  return values;
}
