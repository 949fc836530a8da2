import { type Command, InvalidArgumentError, Option as CommanderOption } from 'commander';
import { americanOf, flagOf, hasFlagOfParts, type Option, type Options } from '../../options/index.js';
import { present } from '../../present.js';
import { nameFlag } from '../terminal/command-words.js';

/** A flag that knows what it was declared as; its value is known by the option's own name, however it is typed. */
export class DeclaredFlag extends CommanderOption {
  readonly #key: string;

  constructor(
    flags: string,
    description: string,
    key: string,
    readonly declaration: Option,
    /** By its name in TypeScript: `lossWeights.pixel`. */
    readonly place: string = key,
  ) {
    super(flags, description);
    this.#key = key;
  }

  override attributeName(): string {
    return this.#key;
  }
}

/** What an option does where it is left out, in words; nothing where it does nothing. */
export function usualOf({ usual, default: value, need }: Option): string | undefined {
  if (usual !== undefined || need === 'required') return usual;
  if (Array.isArray(value)) return value.join(', ');
  return value === undefined || value === false ? undefined : String(value);
}

/** Whose an option is, where several share a group. */
const ownersOf = ({ of = [] }: Option): string => (of.length === 0 ? '' : `${of.join(', ')}: `);

/** The description: what it is for, what can be chosen, and what is usual. */
export function describe(option: Option): string {
  const { words, choices = [], need } = option;
  const owned = ownersOf(option) + words;
  const named = choices.every((choice) => words.includes(choice)) ? owned : `${owned}: ${choices.join(', ')}`;
  const usual = usualOf(option);
  if (usual?.startsWith('required') === true) return `${named} (${usual})`;
  if (usual !== undefined) return `${named} (default: ${usual})`;
  return need === 'required' ? `${named} (required)` : named;
}

/** What stands for the value, after the flag. */
const valueText = ({ value = 'VALUE', read }: Option): string =>
  read === undefined ? '' : value.startsWith('[') ? ` ${value}` : ` <${value}>`;

/** Adds one declared option, and the same in American spelling, which help does not show. */
function addOne(command: Command, name: string, option: Option): void {
  const { fields, of, parts } = option;
  if (fields !== undefined) {
    for (const [field, one] of Object.entries(fields)) addOne(command, field, { ...one, ...present({ of }) });
    return;
  }
  if (parts !== undefined && hasFlagOfParts(option)) {
    for (const [field, one] of Object.entries(parts))
      addForms(command, name, partOf(option, field, one), `${name}.${field}`);
    return;
  }
  addForms(command, name, option);
}

/** A field of an object as an option of its own, whose values add up to the object. */
function partOf({ fits }: Option, field: string, one: Option): Option {
  const read = (text: string, before: unknown): object => ({
    ...(typeof before === 'object' && before),
    [field]: one.read?.(text),
  });
  return { ...one, fits, read };
}

/** Adds the flags of one option. */
function addForms(command: Command, name: string, option: Option, place = name): void {
  const flag = flagOf(name, option);
  nameFlag(place, option);
  const value = valueText(option);
  const short = option.short === undefined ? '' : `-${option.short}, `;
  const american = option.flag === undefined ? americanOf(name) : undefined;
  const forms: DeclaredFlag[] = [
    new DeclaredFlag(short + flag + value, describe(option), name, option, place),
  ];
  // What is on by itself can only be turned off.
  if (option.off !== undefined && option.default === true) forms[0]?.hideHelp();
  if (american !== undefined)
    forms.push(new DeclaredFlag(flagOf(american) + value, '', name, option).hideHelp());
  if (option.off !== undefined) {
    const off = (form: string): string => form.replace('--', '--no-');
    forms.push(new DeclaredFlag(off(flag), ownersOf(option) + option.off, name, option));
    if (american !== undefined)
      forms.push(new DeclaredFlag(off(flagOf(american)), '', name, option).hideHelp());
  }
  if (option.need === 'required') forms[0]?.makeOptionMandatory();
  for (const form of forms) {
    if (option.read !== undefined) form.argParser((text, before) => read(option, text, before));
    command.addOption(form);
  }
}

/** The value that was typed, checked as the library does. */
function read(option: Option, text: string, before: unknown): unknown {
  const value = option.read?.(text, before);
  if (option.fits(value)) return value;
  throw new InvalidArgumentError(
    option.choices === undefined
      ? `Expected ${option.expected}`
      : `Allowed choices are ${option.choices.join(', ')}`,
  );
}

/**
 * Adds the options of a group that have flags. Defaults stand in the description: only what was typed is passed on.
 *
 * @param heading over them in help, with its colon; default: that of those before
 */
export function addOptions(command: Command, heading: string | undefined, group: Options): Command {
  if (heading !== undefined) command.optionsGroup(heading);
  for (const [name, option] of Object.entries(group)) if (option.typable) addOne(command, name, option);
  return command;
}
