import type { Port } from '../compile/index.js';

/**
 * Of what could be fed, that which a program takes: what its results do not depend on is no input of it.
 *
 * @example
 * await executable.run(neededFeeds(executable, { ...weights, x }));
 */
export function neededFeeds<T>(
  { inputs }: { readonly inputs: readonly Port[] },
  feeds: Readonly<Record<string, T>>,
): Record<string, T> {
  const names = new Set(inputs.map(({ name }) => name));
  return Object.fromEntries(Object.entries(feeds).filter(([name]) => names.has(name)));
}
