import { optionError } from './errors.js';

/** What a table has under a name, or an error that names the option it came from. */
export function byName<T>(table: Readonly<Record<string, T>>, name: string, option: string): T {
  const found = Object.hasOwn(table, name) ? table[name] : undefined;
  if (found === undefined) throw optionError(option, `one of ${Object.keys(table).join(', ')}`, name);
  return found;
}

/** A whole number within bounds, or an error that names the option it came from. */
export const wholeNumber = (value: number, least: number, most: number, option: string): number => {
  if (!Number.isInteger(value) || value < least || value > most)
    throw optionError(option, `a whole number from ${least} to ${most}`, value, {
      code: 'ERR_OUT_OF_RANGE',
    });
  return value;
};

/** The seed of what is drawn, checked; default 0. */
export function seedOf({ seed = 0 }: { readonly seed?: number | undefined }): number {
  return wholeNumber(seed, 0, Number.MAX_SAFE_INTEGER, 'seed');
}
