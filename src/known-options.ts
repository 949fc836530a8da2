import { OptionError, optionError } from './errors.js';

/** All options that a function takes, so that none can be forgotten. */
export type OptionNames<Options> = Readonly<Record<keyof Options, unknown>>;

/** What was given, for a message: of objects and texts not all. */
function told(value: unknown): string {
  if (value === undefined) return 'nothing';
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : String(value);
}

/**
 * Refuses options that a function does not have: a misspelt one would silently do nothing. Types do not see those of programs
 * in JavaScript, nor those that are spread.
 *
 * @param what the function, or the option that has fields of its own, for the message
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

/**
 * Refuses what is no text where a path, or the name of a model, is needed.
 *
 * @param option what users know it by
 * @throws OptionError that names the option
 */
export function expectPath(value: unknown, option: string): void {
  if (typeof value === 'string' && value !== '') return;
  throw optionError(option, 'a path', value, { shown: told(value) });
}

/**
 * Refuses what is no list where one is needed.
 *
 * @param option what users know it by
 * @param of what it lists
 * @throws OptionError that names the option
 */
export function expectList(value: unknown, option: string, of: string): void {
  if (Array.isArray(value)) return;
  throw optionError(option, `a list of ${of}`, value, { shown: told(value) });
}
