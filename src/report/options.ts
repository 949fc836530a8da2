/** One option as it is typed, with its value, or nothing: what a run does not say is left out. */
export type Typed = readonly string[];

/** An option with a value; nothing where there is none. Lists are typed with commas. */
export function option(
  name: string,
  value: string | number | readonly (string | number)[] | null | undefined,
): Typed {
  if (value === undefined || value === null) return [];
  return [`${name} ${shellWord(typeof value === 'object' ? value.join(',') : String(value))}`];
}

/** An option without a value. */
export const switched = (name: string, on: boolean): Typed => (on ? [name] : []);

/** A word as one can type it into a shell. */
export function shellWord(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
