import { extname } from 'node:path';
import { OptionError, RevelaError } from '../../errors.js';
import { shown } from '../../printable.js';
import type { CsvRow } from './csv.js';
import { readOpinionArrays } from './opinion-arrays.js';
import {
  bareTitle,
  csiqColumns,
  csiqName,
  directionOf,
  directionOfNames,
  type OpinionDirection,
} from './opinion-databases.js';
import type { OpinionColumns } from './column-options.js';
import { opinionRows } from './opinion-rows.js';

/** What people said of a picture. */
export interface Opinion {
  /** The picture as the table names it. */
  readonly name: string;
  readonly opinion: number;
  /** Where it stands in the table, from 1. */
  readonly line: number;
}

/** Opinions, and which of them are good. */
export interface OpinionTable extends OpinionDirection {
  readonly opinions: readonly Opinion[];
}

/** Titles by which databases are known to have them, in small letters, without what is no letter. */
const nameTitles: readonly string[] = [
  ...[
    'file',
    'filename',
    'image',
    'images',
    'imagename',
    'img',
    'imgname',
    'picture',
    'photo',
    'name',
    'path',
  ],
  ...['distimg', 'distname', 'imgname', 'distorted', 'distortedimage', 'filenames', 'imageid'],
];
const scoreTitles: readonly string[] = [
  ...['mos', 'dmos', 'elo', 'meanopinionscore', 'moszscore', 'score', 'opinion', 'quality', 'mean'],
];

/**
 * Reads what people said of pictures from a table of comma-separated values. Its titles stand in the first line, or after
 * a few others; a table without titles has a column of names of pictures and one of numbers. Also a folder of such tables,
 * and the MATLAB files of LIVE.
 *
 * @throws RevelaError, one line that names the place, for a table without such columns, a score that is no number, a picture
 *   that stands there twice, and scores that are all equal
 */
export async function readOpinions(path: string, columns: OpinionColumns = {}): Promise<OpinionTable> {
  if (extname(path).toLowerCase() === '.mat') {
    const table = await readOpinionArrays(path);
    checkTable(table.opinions, path, 'of scores');
    return table;
  }
  const opinions: Opinion[] = [];
  let direction: OpinionDirection | undefined;
  let column = '';
  for (const table of await opinionRows(path)) {
    const read = opinionsOf(table.rows, table.path, columns);
    if (direction !== undefined && direction.better !== read.better)
      throw new RevelaError(
        `${path} holds tables of which some say quality and some its loss; read them one by one`,
      );
    direction = read;
    column = read.column;
    opinions.push(...read.opinions);
  }
  checkTable(opinions, path, column);
  const { better = 'higher', why = 'as is usual' } = direction ?? {};
  return { opinions, better, why };
}

/** How many lines may stand before the titles. */
const MOST_BEFORE_TITLES = 10;

function opinionsOf(
  rows: readonly CsvRow[],
  path: string,
  columns: OpinionColumns,
): OpinionTable & { readonly column: string } {
  const [first] = rows;
  if (first === undefined)
    throw new RevelaError(`${path} is empty; expected a line of titles, then a picture and a score a line`);
  const chosen = columns.nameColumn !== undefined || columns.scoreColumn !== undefined;
  if (!chosen && isPictureRow(first)) return withoutTitles(rows, path);
  if (rows.every(({ cells }) => cells.every(isNumber)))
    throw new RevelaError(
      `${path} holds numbers and no names of pictures; give the table that has both (of TID2013 mos_with_names.txt)`,
    );
  const at = chosen ? 0 : Math.max(0, rows.slice(0, MOST_BEFORE_TITLES).findIndex(hasTitles));
  const head = rows[at] ?? first;
  const title = (place: number): string => head.cells[place] ?? '';
  const csiq = chosen ? undefined : csiqColumns(head.cells);
  const names = csiq?.[0] ?? columnOf(head, columns.nameColumn, nameTitles, path, 'names', 'nameColumn');
  const scores = columnOf(head, columns.scoreColumn, scoreTitles, path, 'scores', 'scoreColumn');
  if (names === scores)
    throw new OptionError(`\`nameColumn\` and \`scoreColumn\` are both ${title(names)}: choose two columns`);
  const opinions = rows.slice(at + 1).map((row) => {
    const opinion = opinionOf(row, names, scores, path);
    if (csiq === undefined) return opinion;
    const [image, type, level] = csiq.map((place) => row.cells[place] ?? '');
    return { ...opinion, name: csiqName(image ?? '', type ?? '', level ?? '') };
  });
  return { opinions, column: title(scores), ...directionOf(head.cells, title(scores)) };
}

/** Whether a line has titles that are known, one of names and one of scores. */
function hasTitles({ cells }: CsvRow): boolean {
  const bare = cells.map(bareTitle);
  return [nameTitles, scoreTitles].every((known) => bare.some((title) => known.includes(title)));
}

const isNumber = (cell: string): boolean => number.test(cell) && Number.isFinite(Number(cell));
const isPictureName = (cell: string): boolean =>
  /[^./\\]\.(?:bmp|png|jpe?g|tiff?|webp|avif|gif|ppm)$/i.test(cell);

/** Whether a line is a picture and its score already. */
function isPictureRow({ cells }: CsvRow): boolean {
  return cells.some(isPictureName) && cells.some(isNumber);
}

/** A table of names and numbers alone, as TID2013 and PIPAL have them. */
function withoutTitles(rows: readonly CsvRow[], path: string): OpinionTable & { readonly column: string } {
  const [first] = rows;
  const cells = first?.cells ?? [];
  const numbers = cells.flatMap((cell, place) => (isNumber(cell) ? [place] : []));
  const pictures = cells.flatMap((cell, place) => (isPictureName(cell) ? [place] : []));
  const [[score], [name]] = [numbers, pictures];
  if (score === undefined || name === undefined || numbers.length > 1 || pictures.length > 1)
    throw new RevelaError(
      `${path} has no line of titles, and ${pictures.length} columns of names and ${numbers.length} of numbers; add a first line of titles such as image,mos`,
    );
  const opinions = rows.map((row) => opinionOf(row, name, score, path));
  return { opinions, column: 'of scores', ...directionOfNames(opinions.map(({ name: picture }) => picture)) };
}

/** The place of the column that is chosen, or of the first one with a title that is known. */
function columnOf(
  { cells }: CsvRow,
  chosen: string | undefined,
  known: readonly string[],
  path: string,
  what: string,
  option: string,
): number {
  const place =
    chosen === undefined
      ? known.map((title) => cells.findIndex((cell) => bareTitle(cell) === title)).find((found) => found >= 0)
      : cells.indexOf(chosen);
  if (place !== undefined && place >= 0) return place;
  const has = `its first line has ${cells
    .slice(0, 50)
    .map((cell) => JSON.stringify(shown(cell)))
    .join(', ')}`;
  if (chosen !== undefined) throw new OptionError(`${path} has no column ${chosen} (\`${option}\`); ${has}`);
  throw new RevelaError(
    `${path} has no column that is known to hold ${what}; ${has}; name it with \`${option}\``,
  );
}

const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

function opinionOf({ line, cells }: CsvRow, names: number, scores: number, path: string): Opinion {
  const [name = '', score] = [cells[names], cells[scores]];
  if (name === '') throw new RevelaError(`${path}, line ${line}: there is no name of a picture`);
  if (score === undefined || !number.test(score) || !Number.isFinite(Number(score)))
    throw new RevelaError(
      `${path}, line ${line}: the score of ${shown(name)} is ${JSON.stringify(shown(score ?? ''))}, which is no number; correct it or take the line out`,
    );
  return { name, opinion: Number(score), line };
}

function checkTable(opinions: readonly Opinion[], path: string, column: string): void {
  const [first] = opinions;
  if (first === undefined) throw new RevelaError(`${path} holds titles and no picture`);
  const lines = new Map<string, number>();
  for (const { name, line } of opinions) {
    const before = lines.get(name);
    if (before !== undefined)
      throw new RevelaError(`${path}, line ${line}: ${shown(name)} stands there already, in line ${before}`);
    lines.set(name, line);
  }
  if (opinions.every(({ opinion }) => opinion === first.opinion))
    throw new RevelaError(
      `${path}: all scores of the column ${column} are ${first.opinion}, and with these nothing can agree or disagree; is it the right column?`,
    );
}
