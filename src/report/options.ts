/** One option as it is typed, with its value, or nothing: what a run does not say is left out. */
export type Typed = readonly string[];

/** Options of the library that the command calls otherwise than `--` and their name with hyphens. */
const flags: Readonly<Record<string, string>> = { discriminators: 'discriminator' };

const flagOf = (name: string): string =>
  `--${flags[name] ?? name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/**
 * Options of the library as one types them. Lists are typed with commas, a network that needs files by its name alone, and each
 * loss's weight is an option of its own.
 *
 * @example
 * typedOptions({ batch: 2, featureScaling: false }); // ['--batch 2', '--no-feature-scaling']
 */
export function typedOptions(options: object): Typed {
  return Object.entries(options).flatMap(([name, value]: [string, unknown]) => {
    if (name === 'lossWeights' && typeof value === 'object' && value !== null)
      return Object.entries(value).flatMap(([loss, weight]) => option(`--weight-${loss}`, weight));
    return option(flagOf(name), value);
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
