import { OptionError } from '../../errors.js';

/** Names become names of folders: no separators, nothing hidden, nothing that some system reserves. */
const plainName = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9_-])?$/;
const reservedOnWindows = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

export function isModelName(name: string): boolean {
  return plainName.test(name) && !reservedOnWindows.test(name);
}

/**
 * @throws OptionError if a model cannot be called so
 */
export function checkModelName(name: string): void {
  if (isModelName(name)) return;
  throw new OptionError(
    `a model's name must be 1 to 100 letters, digits, dots, dashes and underscores that begin with a letter or digit, got ${name}`,
  );
}

/**
 * The one of `names` that is meant: the same, or the same but for capital letters, because some file systems do not tell
 * these apart. If there is none, the name as it is.
 */
export function meantName(name: string, names: Iterable<string>): string {
  let found: string | undefined;
  for (const other of names) {
    if (other === name) return name;
    if (other.toLowerCase() === name.toLowerCase()) found ??= other;
  }
  return found ?? name;
}
