import { OptionError, optionError } from '../errors.js';
import { checked, type Option, type Options, type OptionsOf } from '../options/index.js';

/** What options that come as headers begin with: `Revela-Strength: 60`. */
const headerPrefix = 'revela-';

/**
 * The options of a request, by name: those of its query, and of its headers those that the query lacks.
 *
 * @throws OptionError for one that the query has twice
 */
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
 * Reads options out of texts, as the command does.
 *
 * @throws OptionError for an option that is not known, and a value that it does not take
 */
export function valuesOf<Group extends Options>(
  group: Group,
  given: ReadonlyMap<string, string>,
): OptionsOf<Group> {
  const known: Options = group;
  const values = [...given].map(([name, text]) => {
    const option = Object.hasOwn(known, name) ? known[name] : undefined;
    const value = option === undefined ? text : valueIn(option, text);
    if (option !== undefined && !option.fits(value))
      throw optionError(name, option.expected, text, { shown: text.slice(0, 60), code: option.code });
    return [name.slice(0, 60), value];
  });
  return checked('this request', group, Object.fromEntries(values));
}

function valueIn({ read }: Option, text: string): unknown {
  if (read !== undefined) return read(text);
  return text === '' || text === 'true' ? true : text === 'false' ? false : text;
}

/** What the OpenAPI document says of an option's values. */
export function schemaOf(option: Option): Readonly<Record<string, unknown>> {
  if (option.read === undefined) return { type: 'boolean' };
  if (option.choices !== undefined) return { type: 'string', enum: option.choices };
  const type = option.expected.startsWith('a whole number')
    ? 'integer'
    : option.expected.startsWith('a number')
      ? 'number'
      : 'string';
  const bound = (name: string, value: unknown): object =>
    typeof value === 'number' ? { [name]: value } : {};
  return {
    type,
    ...bound('minimum', 'from' in option ? option.from : undefined),
    ...bound('maximum', 'to' in option ? option.to : undefined),
  };
}

/** What an option is for, and what it is where it is left out, in a sentence. */
export function wordsOf({ words, usual, default: value }: Option): string {
  const told = usual ?? (value === undefined ? undefined : String(value));
  return told === undefined ? words : `${words}; default: ${told}`;
}
