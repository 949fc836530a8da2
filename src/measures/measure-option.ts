import { optionError } from '../errors.js';
import { expectList, expectPath, refuseUnknownOptions } from '../known-options.js';
import { wholeNumber } from '../option-checks.js';

/** How an option is written, and what it may be. */
export type OptionForm =
  /** A file, or the name of a model in the store; what was read from it is taken too. */
  | { readonly kind: 'weights' }
  | { readonly kind: 'path' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'number'; readonly least: number; readonly most: number }
  /** Whole pixels, a multiple of something, or a word. */
  | { readonly kind: 'pixels'; readonly least: number; readonly multiple: number; readonly word?: string }
  | { readonly kind: 'switch' }
  /** Pairs of texts, of which the command takes each half by a flag of its own, with these words. */
  | { readonly kind: 'pairs'; readonly good: string; readonly bad: string };

/**
 * An option of a measure. It is declared here, in the measure's folder, and nowhere else: its type, its check, its flag and
 * help, what a record of scores knows of it, and its row in docs/ are made of this.
 */
export interface MeasureOption<Value = unknown> {
  readonly form: OptionForm;
  /** What it is, for people, in few words. */
  readonly words: string;
  /** What the help calls its value: `FILE`. */
  readonly placeholder: string;
  /** What is taken where it is left out, for people; `required`: it cannot be left out. */
  readonly usual: string;
  /** The file or model that is taken where it is left out, if it is one. */
  readonly file?: () => Promise<string>;
  /** Whether programs alone have it, and the command does not; default false. */
  readonly hidden?: boolean;
  /** Whether scores are the same whatever it is; default false. */
  readonly idle?: boolean;
  /** Never there: it carries the type of the values. */
  readonly type?: Value;
}

/** Options by their names in TypeScript. */
export type OptionTable = Readonly<Record<string, MeasureOption>>;

/** No options. */
export type NoOptions = Readonly<Record<never, never>>;

/** The values of options, as functions take them. */
export type OptionsOf<Table> = {
  readonly [Name in keyof Table]?: Table[Name] extends MeasureOption<infer Value> ? Value : never;
};

/** All but the type of the values. */
type Declared<Extra extends keyof MeasureOption = never> = Omit<MeasureOption, 'form' | 'type' | Extra>;

/** A file, the name of a model, or what was read. */
export const weightsOption = <Read = never>(facts: Declared): MeasureOption<string | Read> => ({
  ...facts,
  form: { kind: 'weights' },
});

export const pathOption = (facts: Declared): MeasureOption<string> => ({ ...facts, form: { kind: 'path' } });

export const choiceOption = <Choice extends string>(
  choices: readonly Choice[],
  facts: Declared,
): MeasureOption<Choice> => ({ ...facts, form: { kind: 'choice', choices } });

export const numberOption = (least: number, most: number, facts: Declared): MeasureOption<number> => ({
  ...facts,
  form: { kind: 'number', least, most },
});

export const switchOption = (facts: Declared<'placeholder'>): MeasureOption<boolean> => ({
  ...{ ...facts, placeholder: '' },
  form: { kind: 'switch' },
});

/**
 * Checks what was given for an option.
 *
 * @throws OptionError that names it
 */
export function checkOption(name: string, { form }: MeasureOption, value: unknown): void {
  if (form.kind === 'weights') {
    if (typeof value !== 'object' || value === null) expectPath(value, name);
  } else if (form.kind === 'path') expectPath(value, name);
  else if (form.kind === 'choice') {
    if (!form.choices.some((choice) => choice === value))
      throw optionError(name, `one of ${form.choices.join(', ')}`, value);
  } else if (form.kind === 'number') {
    const { least, most } = form;
    if (!(typeof value === 'number' && value >= least && value <= most))
      throw optionError(name, `a number from ${least} to ${most}`, value, { code: 'ERR_OUT_OF_RANGE' });
  } else if (form.kind === 'pixels') {
    if (form.word !== undefined && value === form.word) return;
    const number = typeof value === 'number' ? value : Number.NaN;
    if (number % form.multiple !== 0) throw optionError(name, `a multiple of ${form.multiple} here`, value);
    wholeNumber(number, form.least, 65_536, name);
  } else if (form.kind === 'switch') {
    if (typeof value !== 'boolean') throw optionError(name, 'true or false', value);
  } else {
    expectList(value, name, 'pairs of texts');
    const pairs: readonly unknown[] = Array.isArray(value) ? value : [];
    for (const pair of pairs) refuseUnknownOptions('a pair of texts', pair, { good: true, bad: true });
  }
}

/**
 * Checks the options of a table that were given; others are not looked at.
 *
 * @throws OptionError that names the option
 */
export function checkOptions(table: OptionTable, given: object): void {
  const values = new Map<string, unknown>(Object.entries(given));
  for (const [name, option] of Object.entries(table)) {
    const value = values.get(name);
    if (value !== undefined) checkOption(name, option, value);
  }
}

/** The names in a table, as {@link refuseUnknownOptions} takes them. */
export const namesIn = <Table extends OptionTable>(table: Table): Readonly<Record<string, true>> =>
  Object.fromEntries(Object.keys(table).map((name) => [name, true]));

/** Of options, those of a table that were given. */
export function chosen(table: OptionTable, given: object): OptionsOf<OptionTable> {
  return Object.fromEntries(
    Object.entries(given).filter(([name, value]) => value !== undefined && Object.hasOwn(table, name)),
  );
}
