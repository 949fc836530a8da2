import { OptionError } from '../errors.js';

/** All options that a function takes, so that none can be forgotten. */
export type OptionNames<Options> = Readonly<Record<keyof Options, unknown>>;

/** What was given, for a message: of texts not all. */
const told = (value: unknown): string =>
  typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : String(value);

/**
 * Refuses options that a function does not have: a misspelt one would silently do nothing. Only for the arithmetic of measures, which
 * programs and pages load alone: everything else declares its options, and `checked` does this, with a library for schemas.
 *
 * @param what the function, for the message
 * @throws OptionError that names the option
 */
export function refuseUnknownOptions(
  what: string,
  options: unknown,
  known: Readonly<Record<string, unknown>>,
): void {
  const names = Object.keys(known).join(', ');
  if (typeof options !== 'object' || options === null)
    throw new OptionError(`${what} takes an object of ${names}, got ${told(options)}`);
  const strange = Object.keys(options).find((name) => !Object.hasOwn(known, name));
  if (strange === undefined) return;
  throw new OptionError(`${what} has no option ${JSON.stringify(strange)}; it has ${names}`);
}
