import { RevelaError } from '../errors.js';

/** A line of a table, and where it begins in its file, from 1. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** What may stand between two cells. The first line decides: the one that it holds most often outside of quotes. */
const separators = [',', ';', '\t'] as const;

/** A reader's place in a text. */
interface Place {
  at: number;
  line: number;
}

/**
 * Reads comma-separated values (RFC 4180), also with semicolons or tabs: cells in quotes may hold separators, line breaks,
 * and quotes that are doubled. Lines end with CRLF, LF or CR; empty ones are left out, and so is a byte order mark. Spaces
 * around cells without quotes are no part of them.
 *
 * @param name what messages call the table
 * @throws RevelaError, with the line, for quotes that do not end, or end before their cell does
 */
export function parseCsv(text: string, name: string): readonly CsvRow[] {
  const whole = text.replace(/^\uFEFF/, '');
  const separator = separatorOf(whole);
  const place: Place = { at: 0, line: 1 };
  const rows: CsvRow[] = [];
  while (place.at < whole.length) {
    const { line } = place;
    const cells = readRow(whole, place, separator, name);
    if (cells.length > 1 || cells[0] !== '') rows.push({ line, cells });
  }
  return rows;
}

function separatorOf(text: string): string {
  const head = (/^(?:"(?:[^"]|"")*"|[^"\r\n])*/.exec(text)?.[0] ?? '').replace(/"(?:[^"]|"")*"/g, '');
  const count = (separator: string): number => head.split(separator).length;
  return separators.reduce((best, separator) => (count(separator) > count(best) ? separator : best));
}

/** Reads cells up to the end of their line, and goes past it. */
function readRow(text: string, place: Place, separator: string, name: string): readonly string[] {
  const cells: string[] = [];
  for (;;) {
    cells.push(readCell(text, place, separator, name));
    const next = text[place.at];
    if (next === separator) {
      place.at += 1;
      continue;
    }
    const end = /^(?:\r\n|\r|\n)/.exec(text.slice(place.at, place.at + 2))?.[0] ?? '';
    place.at += end.length;
    place.line += 1;
    return cells;
  }
}

function readCell(text: string, place: Place, separator: string, name: string): string {
  const rest = new RegExp(`[ ]*(?:"((?:[^"]|"")*)"[ ]*|([^${separator}\\r\\n]*))`, 'y');
  rest.lastIndex = place.at;
  const [whole = '', quoted, plain = ''] = rest.exec(text) ?? [];
  const { line } = place;
  place.at += whole.length;
  const next = text[place.at];
  if (quoted === undefined) {
    if (plain.startsWith('"'))
      throw new RevelaError(`${name}, line ${line}: a quote is not closed; add the second one`);
    return plain.trim();
  }
  if (next !== undefined && next !== separator && next !== '\r' && next !== '\n')
    throw new RevelaError(
      `${name}, line ${line}: text stands after a closing quote; quotes inside of a cell are written twice`,
    );
  place.line += (quoted.match(/\r\n|\r|\n/g) ?? []).length;
  return quoted.replaceAll('""', '"');
}
