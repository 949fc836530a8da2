import { OptionError, optionError } from '../errors.js';
import type { FlagsOf, Option, Options, OptionsOf, Settled } from './option.js';
import { britishOf } from './spelling.js';

/** What was given, for a message: of objects and texts not all. */
export function told(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return value === '' ? '""' : value.slice(0, 60);
  if (Array.isArray(value)) return JSON.stringify(value).slice(0, 60);
  return typeof value === 'object' && value !== null ? toldObject(value) : String(value);
}

/** The fields of an object, without what is in them where that is much. */
function toldObject(value: object): string {
  if (Object.getPrototypeOf(value) !== Object.prototype) return '[object Object]';
  const one = (field: unknown): string => (typeof field === 'object' && field !== null ? '…' : told(field));
  const fields = Object.entries(value).map(([name, field]) => `${name}: ${one(field)}`);
  return `{ ${fields.join(', ')} }`.slice(0, 60);
}

/**
 * Checks the value of one option; of an object, field by field.
 *
 * @param name what users know it by
 * @throws OptionError that names the option, or the field
 */
export function checkValue(option: Option, value: unknown, name: string): void {
  const { expected, code, parts, fits } = option;
  if (parts !== undefined && typeof value === 'object' && value !== null) {
    checkedFields(name, parts, value, `${name}.`);
    return;
  }
  if (!fits(value)) throw optionError(name, expected, value, { shown: told(value), code });
}

/**
 * Checks the options of a function: that it has each of them (a misspelt one would silently do nothing), and that their values
 * fit. Types do not see those of programs in JavaScript, nor those that are spread.
 *
 * @param what the function, or the option that has fields of its own, for the message
 * @returns the same in British spelling, without what is `undefined`
 * @throws OptionError that names the option
 *
 * @example
 * const { strength } = checked('denoise', removalOptions, { strength: 60 });
 */
export function checked<Group extends Options>(what: string, group: Group, given: unknown): OptionsOf<Group>;
export function checked(what: string, group: Options, given: unknown): object {
  return checkedFields(what, group, given);
}

/** @param place what stands before the names of the fields in messages */
function checkedFields(what: string, group: Options, given: unknown, place = ''): object {
  const names = (): string => Object.keys(group).join(', ');
  if (typeof given !== 'object' || given === null)
    throw new OptionError(
      `${what} takes an object of ${names()}, got ${typeof given === 'string' ? JSON.stringify(given.slice(0, 60)) : told(given)}`,
    );
  const found: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const own = Object.hasOwn(group, name) ? name : britishOf(name);
    const option = Object.hasOwn(group, own) ? group[own] : undefined;
    if (option === undefined)
      throw new OptionError(`${what} has no option ${JSON.stringify(name)}; it has ${names()}`);
    if (value === undefined) continue;
    checkValue(option, value, `${place}${name}`);
    found[own] = value;
  }
  for (const [name, option] of Object.entries(group))
    if (option.need === 'required' && found[name] === undefined)
      checkValue(option, undefined, `${place}${name}`);
  return found;
}

/** Those of a group among more: what the command's own flags are is nobody else's. */
export function chosen<Group extends Options>(group: Group, from: FlagsOf<Group>): FlagsOf<Group>;
export function chosen(group: Options, from: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(
    Object.keys(group)
      .filter((name) => from[name] !== undefined)
      .map((name) => [name, from[name]]),
  );
}

/** Checked options with the defaults of those that were left out. */
export function settled<Group extends Options>(group: Group, given: OptionsOf<Group>): Settled<Group>;
export function settled(group: Options, given: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(
    Object.entries(group).map(([name, option]) => [name, given[name] ?? option.default]),
  );
}

/** What a command or another function says otherwise of options that it shares. */
export type Retold<Group> = {
  readonly [Name in keyof Group]?: Partial<Pick<Option, 'words' | 'usual' | 'value'>>;
};

/** The same options with other words. */
export function retold<Group extends Options>(group: Group, by: Retold<Group>): Group;
export function retold(group: Options, by: Readonly<Record<string, object | undefined>>): Options {
  return Object.fromEntries(
    Object.entries(group).map(([name, option]) => [name, { ...option, ...by[name] }]),
  );
}

/** A group without the options of others. */
export function without<Group extends Options, Other extends Options>(
  group: Group,
  other: Other,
): Omit<Group, keyof Other>;
export function without(group: Options, other: Options): Options {
  return Object.fromEntries(Object.entries(group).filter(([name]) => !Object.hasOwn(other, name)));
}
