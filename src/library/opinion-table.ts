import { OptionError, RevelaError } from '../errors.js';
import { shown } from '../printable.js';
import { readRegular } from '../regular-file.js';
import { type CsvRow, parseCsv } from './csv.js';

/** What people said of a picture. */
export interface Opinion {
  /** The picture as the table names it. */
  readonly name: string;
  readonly opinion: number;
  /** Where it stands in the table, from 1. */
  readonly line: number;
}

/** Opinions, and which of them are good. */
export interface OpinionTable {
  readonly opinions: readonly Opinion[];
  /** `lower` for a column that is named DMOS: how much worse than a reference people found a picture. */
  readonly better: 'higher' | 'lower';
}

/** How columns are chosen. */
export interface OpinionColumns {
  /** The title of the column of names; default: the one that is titled `file`, `image`, `name` or the like. */
  readonly nameColumn?: string;
  /** The title of the column of scores; default: the one that is titled `mos`, `score` or the like. */
  readonly scoreColumn?: string;
}

/** Tables of a hundred thousand pictures have a few MB. */
const longestTable = 2 ** 26;

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
  'distimg',
];
const scoreTitles: readonly string[] = [
  ...['mos', 'dmos', 'meanopinionscore', 'moszscore', 'score', 'opinion', 'quality', 'mean'],
];

const bare = (title: string): string => title.toLowerCase().replace(/[^a-z]/g, '');

/**
 * Reads what people said of pictures from a table of comma-separated values, whose first line has the titles of its columns.
 *
 * @throws RevelaError, one line that names the place, for a table without such columns, a score that is no number, a picture
 *   that stands there twice, and scores that are all equal
 */
export async function readOpinions(path: string, columns: OpinionColumns = {}): Promise<OpinionTable> {
  const bytes = await readRegular(path, longestTable);
  const [head, ...rows] = parseCsv(textOf(bytes, path), path);
  if (head === undefined)
    throw new RevelaError(`${path} is empty; expected a line of titles, then a picture and a score a line`);
  const title = (at: number): string => head.cells[at] ?? '';
  const names = columnOf(head, columns.nameColumn, nameTitles, path, 'names', '--name-column');
  const scores = columnOf(head, columns.scoreColumn, scoreTitles, path, 'scores', '--score-column');
  if (names === scores)
    throw new OptionError(`--name-column and --score-column are both ${title(names)}: choose two columns`);
  const opinions = rows.map((row) => opinionOf(row, names, scores, path));
  checkTable(opinions, path, title(scores));
  return { opinions, better: bare(title(scores)) === 'dmos' ? 'lower' : 'higher' };
}

function textOf(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new RevelaError(`${path} is no text in UTF-8; save it again as comma-separated values in UTF-8`);
  }
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
      ? known.map((title) => cells.findIndex((cell) => bare(cell) === title)).find((found) => found >= 0)
      : cells.findIndex((cell) => cell === chosen);
  if (place !== undefined && place >= 0) return place;
  const has = `its first line has ${cells
    .slice(0, 50)
    .map((cell) => JSON.stringify(shown(cell)))
    .join(', ')}`;
  if (chosen !== undefined) throw new OptionError(`${path} has no column ${chosen} (${option}); ${has}`);
  throw new RevelaError(
    `${path} has no column that is known to hold ${what}; ${has}; name it with ${option}`,
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
