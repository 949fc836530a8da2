/** Values of an option that may be typed several times; unlike a list after one option, these can stand before arguments. */
export function collected(text: string, before: unknown): readonly unknown[] {
  return [...(Array.isArray(before) ? before : []), text];
}

/** The same of names, of which several may stand in one word with commas between them. */
export function collectedNames(text: string, before: unknown): readonly unknown[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return [...(Array.isArray(before) ? before : []), ...names];
}
