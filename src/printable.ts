/** What moves a terminal's cursor, breaks a line or turns the direction of a text; joiners, which scripts need, stay. */
const unprintable = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** The longest line of an error; longer ones lose their middle, because what to do stands at their end. */
const longestLine = 2000;
const keptEnd = 600;

/**
 * Text out of a file or a name of one as a line of text may show it: line breaks, the codes that move a terminal's cursor
 * and those that turn the direction of a text are `?`.
 *
 * @example
 * printable('a\u001b[2Jb'); // 'a?[2Jb'
 */
export function printable(text: string): string {
  return text.replace(unprintable, '?');
}

/** JSON in which what {@link printable} replaces is escaped, so that it is the same value and harms no terminal. */
export function printableJson(value: object): string {
  const codes = (text: string): string =>
    Array.from(
      { length: text.length },
      (_, i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`,
    ).join('');
  return JSON.stringify(value).replace(unprintable, codes);
}

/** One line of an error, however long and whatever it was made of. */
export function errorLine(message: string): string {
  const text = message.trim();
  if (text.length <= longestLine) return printable(text);
  return printable(`${text.slice(0, longestLine - keptEnd)}…${text.slice(-keptEnd)}`);
}

/** A name out of a file as part of a line: its first 100 letters, printable. */
export function shown(name: string): string {
  return name.length > 100 ? `${printable(name.slice(0, 100))}…` : printable(name);
}
