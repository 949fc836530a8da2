import { OptionError } from '../../errors.js';

/** Names become names of folders: no separators, nothing hidden, nothing that some system reserves. */
const plainName = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9_-])?$/;
const reservedOnWindows = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** Names that mean weights of the package wherever weights are named, and hide a model of one's own of that name. */
export const packageNames = ['general', 'self-supervised', 'photo', 'faithful'] as const;

export type PackageName = (typeof packageNames)[number];

/** Whether a name means weights of the package. */
export function isPackageName(name: string): boolean {
  return packageNames.some((taken) => taken === name.toLowerCase());
}

/**
 * @throws OptionError if no model of one's own can be called so
 */
export function checkFreeName(name: string): void {
  checkModelName(name);
  if (isPackageName(name))
    throw new OptionError(
      `${name} is the name of weights that the package has, which \`weights\` would take; choose another name (\`name\`)`,
    );
}

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
