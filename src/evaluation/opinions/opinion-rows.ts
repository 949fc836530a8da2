import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { RevelaError } from '../../errors.js';
import { fileError } from '../../file-errors.js';
import { readRegular } from '../../regular-file.js';
import { type CsvRow, parseCsv } from './csv.js';

/** Tables of a hundred thousand pictures have a few MB. */
const longestTable = 2 ** 26;

/** The rows of a table, and which file they come from. */
export interface OpinionRows {
  readonly path: string;
  readonly rows: readonly CsvRow[];
}

/**
 * Reads the rows of a table, or of all tables in a folder, as PIPAL has one for each reference. Cells that no comma,
 * semicolon or tab separates are separated by spaces, as TID2013 has them.
 *
 * @throws RevelaError, one line, if it cannot be read, is no text, or a folder without tables
 */
export async function opinionRows(path: string): Promise<readonly OpinionRows[]> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false, // whoever reads it says what is wrong
  );
  if (!isFolder) return [{ path, rows: await rowsOf(path) }];
  const names = await readdir(path).catch((error: unknown) => {
    throw fileError(`cannot read ${path}`, error);
  });
  const tables = names.filter((name) => /^\.(?:txt|csv|tsv)$/i.test(extname(name))).sort();
  if (tables.length === 0)
    throw new RevelaError(`${path} is a folder without tables (.csv, .txt, .tsv); name the table of scores`);
  const found: OpinionRows[] = [];
  for (const name of tables) found.push({ path: join(path, name), rows: await rowsOf(join(path, name)) });
  return found;
}

async function rowsOf(path: string): Promise<readonly CsvRow[]> {
  const bytes = await readRegular(path, longestTable);
  if (String.fromCharCode(...bytes.subarray(0, 4)) === 'PK\x03\x04')
    throw new RevelaError(
      `${path} is a workbook of Excel or the like; save its table of scores as comma-separated values`,
    );
  const text = textOf(bytes, path);
  const [line = ''] = text.replace(/^\uFEFF?\s*/, '').split(/[\r\n]/, 1);
  const isSpaced = !/[,;\t]/.test(line) && /\S\s+\S/.test(line);
  return parseCsv(
    isSpaced ? text.replace(/^[^\S\r\n]+|[^\S\r\n]+$/gm, '').replace(/[^\S\r\n]+/g, '\t') : text,
    path,
  );
}

function textOf(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new RevelaError(`${path} is no text in UTF-8; save it again as comma-separated values in UTF-8`);
  }
}
