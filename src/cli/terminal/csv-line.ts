import { printable } from '../../printable.js';

/**
 * A line of comma-separated values (RFC 4180); cells with commas, quotes or line breaks stand in quotes. Texts that a
 * spreadsheet would run as a formula begin with an apostrophe, which makes them texts there too; control characters are
 * `?`.
 */
export function csvLine(cells: readonly (string | number)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = printable(/^[ ]*[=+\-@\t\r]/.test(value) ? `'${value}` : value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
