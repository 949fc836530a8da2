import { flagOf, hasFlagOfParts, type Options } from '../options/index.js';

/** One option as it is typed, with its value, or nothing: what a run does not say is left out. */
export type Typed = readonly string[];

/**
 * Options of the library as one types them. Lists are typed with commas, a network that needs files by its name alone, and fields
 * that have flags of their own by these.
 *
 * @param declared the options that there are
 *
 * @example
 * typedOptions({ batch: 2, featureScaling: false }, trainUpscalerOptions); // ['--batch 2', '--no-feature-scaling']
 */
export function typedOptions(options: object, declared: Options): Typed {
  return Object.entries(options).flatMap(([name, value]: [string, unknown]) => {
    const { [name]: known } = declared;
    if (known !== undefined && hasFlagOfParts(known) && typeof value === 'object' && value !== null)
      return typedOptions(value, known.parts ?? {});
    return option(flagOf(name, known), value);
  });
}

/** An option with a value; nothing where there is none. */
function option(flag: string, value: unknown): Typed {
  if (value === undefined || value === null) return [];
  if (value === true) return [flag];
  if (value === false) return [flag.replace('--', '--no-')];
  return [`${flag} ${shellWord(wordOf(value))}`];
}

function wordOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(',');
  if (typeof value !== 'object' || value === null) return String(value);
  if ('every' in value && 'factor' in value) return `${value.every}:${value.factor}`;
  return 'network' in value ? String(value.network) : JSON.stringify(value);
}

/** A word as one can type it into a shell. */
export function shellWord(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
