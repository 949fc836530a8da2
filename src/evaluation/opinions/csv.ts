import { allowanceFor } from '../../allowance.js';
import { RevelaError } from '../../errors.js';

/** A line of a table, and where it begins in its file, from 1. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** What may stand between two cells. The first line decides: the one that it holds most often outside of quotes. */
const separators = [',', ';', '\t'] as const;

/** A text being read. */
interface Table {
  readonly text: string;
  readonly separator: string;
  /** What ends a cell without quotes. */
  readonly cellEnd: RegExp;
  /** What messages call it. */
  readonly name: string;
}

/** Cells of a table of a hundred thousand pictures in twenty columns. */
const mostCells = 2_000_000;

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
 * @throws RevelaError, with the line, for quotes that do not end, or end before their cell does; for millions of cells
 */
export function parseCsv(text: string, name: string): readonly CsvRow[] {
  const whole = text.replace(/^\uFEFF/, '');
  const separator = separatorOf(whole);
  const table = { text: whole, separator, cellEnd: new RegExp(`[${separator}\\r\\n]`, 'g'), name };
  const place: Place = { at: 0, line: 1 };
  const allowance = allowanceFor(name, {
    steps: mostCells,
    bytes: 0,
    kind: 'a table of pictures',
    remedy: 'keep the columns of names and scores alone',
  });
  const rows: CsvRow[] = [];
  while (place.at < whole.length) {
    const { line } = place;
    const cells = readRow(table, place);
    allowance.spend(cells.length);
    if (cells.length > 1 || cells[0] !== '') rows.push({ line, cells });
  }
  return rows;
}

function separatorOf(text: string): string {
  const head = firstLineOutsideOfQuotes(text);
  const count = (separator: string): number => head.split(separator).length;
  return separators.reduce((best, separator) => (count(separator) > count(best) ? separator : best));
}

/** A doubled quote ends one quoted part and begins another, so that it need not be told from others. */
function firstLineOutsideOfQuotes(text: string): string {
  let line = '';
  for (let at = 0; at >= 0 && at < text.length; ) {
    const next = indexOfAny(text, /["\r\n]/g, at);
    line += text.slice(at, next);
    if (text[next] !== '"') break;
    const end = text.indexOf('"', next + 1);
    at = end < 0 ? -1 : end + 1;
  }
  return line;
}

/** Where the next match of a pattern begins, or the end of the text. */
function indexOfAny(text: string, pattern: RegExp, from: number): number {
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? text.length;
}

/** Reads cells up to the end of their line, and goes past it. */
function readRow(table: Table, place: Place): readonly string[] {
  const { text, separator } = table;
  const cells: string[] = [];
  for (;;) {
    cells.push(readCell(table, place));
    const next = text[place.at];
    if (next === separator) {
      place.at += 1;
      continue;
    }
    if (next !== undefined) place.at += text.startsWith('\r\n', place.at) ? 2 : 1;
    place.line += 1;
    return cells;
  }
}

function readCell({ text, separator, cellEnd, name }: Table, place: Place): string {
  const { line } = place;
  const start = afterBlanks(text, place.at);
  if (text[start] !== '"') {
    const end = indexOfAny(text, cellEnd, start);
    place.at = end;
    return text.slice(start, end).trim();
  }
  let end = text.indexOf('"', start + 1);
  while (end >= 0 && text[end + 1] === '"') end = text.indexOf('"', end + 2);
  if (end < 0) throw new RevelaError(`${name}, line ${line}: a quote is not closed; add the second one`);
  const quoted = text.slice(start + 1, end);
  place.at = afterBlanks(text, end + 1);
  const next = text[place.at];
  if (next !== undefined && next !== separator && next !== '\r' && next !== '\n')
    throw new RevelaError(
      `${name}, line ${line}: text stands after a closing quote; quotes inside of a cell are written twice`,
    );
  place.line += lineBreaksIn(quoted);
  return quoted.replaceAll('""', '"');
}

function lineBreaksIn(text: string): number {
  let count = 0;
  for (let at = indexOfAny(text, /[\r\n]/g, 0); at < text.length; count++)
    at = indexOfAny(text, /[\r\n]/g, at + (text.startsWith('\r\n', at) ? 2 : 1));
  return count;
}

function afterBlanks(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ') at += 1;
  return at;
}
