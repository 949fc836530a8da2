import { stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { RevelaError } from '../../errors.js';
import { shown } from '../../printable.js';
import { findPictures, formatOfPath } from '../../images/index.js';
import type { Opinion } from './opinion-table.js';

/** A picture that people judged. */
export interface OpinionPicture {
  /** As the table of opinions names it. */
  readonly name: string;
  readonly file: string;
  readonly opinion: number;
}

/** Which pictures opinions belong to. */
export interface FoundOpinionPictures {
  /** In the order of the table. */
  readonly pictures: readonly OpinionPicture[];
  /** Names of the table that stand for no picture of the folder. */
  readonly missing: readonly string[];
}

/**
 * Finds the pictures that a table names in a folder and the folders in it. A name may be a path from the folder; or both may
 * end alike, whatever folders stand before; then whatever the case; then, where the name has no extension, or that of a kind
 * that is not read (BMP), with any.
 *
 * @param source the table, for messages
 * @param skipMissing whether names that stand for no picture are left out; otherwise they are refused
 * @throws RevelaError, one line, for names that are missing, or that two pictures have
 */
export async function findOpinionPictures(
  opinions: readonly Opinion[],
  folder: string,
  { source, skipMissing = false }: { readonly source: string; readonly skipMissing?: boolean },
): Promise<FoundOpinionPictures> {
  if (!(await stat(folder).catch(() => undefined))?.isDirectory())
    throw new RevelaError(`${folder} is no folder; give the one that holds the pictures of ${source}`);
  const places = placesOf(await findPictures([folder], { recursive: true }), folder);
  const pictures: OpinionPicture[] = [];
  const missing: Opinion[] = [];
  const nameOf = new Map<string, Opinion>();
  for (const opinion of opinions) {
    const file = fileNamed(opinion, places, source) ?? (await otherFile(folder, opinion.name));
    if (file === undefined) {
      missing.push(opinion);
      continue;
    }
    const other = nameOf.get(file);
    if (other !== undefined)
      throw new RevelaError(
        `${source}, line ${opinion.line}: ${opinion.name} stands for ${file}, as ${other.name} in line ${other.line} does; name each picture once`,
      );
    nameOf.set(file, opinion);
    pictures.push({ name: opinion.name, file, opinion: opinion.opinion });
  }
  const [first] = missing;
  if (first !== undefined && (!skipMissing || pictures.length === 0))
    throw missingError(first, missing.length, opinions.length, folder, source, pictures.length === 0);
  return { pictures, missing: missing.map(({ name }) => name) };
}

function missingError(
  { name, line }: Opinion,
  count: number,
  all: number,
  folder: string,
  source: string,
  none: boolean,
): RevelaError {
  const others = count === 1 ? '' : `, nor are ${count - 1} more of its ${all} pictures`;
  const remedy = none
    ? 'give the folder that these names are in'
    : 'correct the names, or leave out what is missing with `skipMissing`';
  return new RevelaError(`${source}, line ${line}: ${shown(name)} is not in ${folder}${others}; ${remedy}`);
}

const withoutExtension = (path: string): string => path.replace(/\.[^./]+$/, '');

/** How a name of a table becomes that of a file, from the most to the least exact way. */
const spellings: readonly {
  readonly ofFile: (path: string) => string;
  readonly ofName: (name: string) => string;
}[] = [
  { ofFile: (path) => path, ofName: (name) => name },
  { ofFile: (path) => path.toLowerCase(), ofName: (name) => name.toLowerCase() },
  // An extension that is in the table is meant.
  { ofFile: (path) => withoutExtension(path.toLowerCase()), ofName: (name) => name.toLowerCase() },
  // But for one of a kind that is not read, as databases of BMP files have: these were converted.
  {
    ofFile: (path) => withoutExtension(path.toLowerCase()),
    ofName: (name) => (formatOfPath(name) === undefined ? withoutExtension(name.toLowerCase()) : name),
  },
];

/** The ends of a path, the whole first: `a/b/c`, `b/c`, `c`. */
function endsOf(path: string): readonly string[] {
  const parts = path.split(/[\\/]/).filter((part) => part !== '' && part !== '.');
  return parts.map((_, from) => parts.slice(from).join('/'));
}

/** The pictures of a folder by their paths from it, and by the ends of these, in one spelling. */
interface Places {
  readonly whole: ReadonlyMap<string, readonly string[]>;
  readonly ends: ReadonlyMap<string, readonly string[]>;
}

function placesOf(files: readonly string[], folder: string): readonly Places[] {
  return spellings.map(({ ofFile }) => {
    const keysOf = (file: string): readonly string[] =>
      endsOf(relative(folder, file).split(sep).join('/')).map(ofFile);
    return {
      whole: groupedBy(files, (file) => keysOf(file).slice(0, 1)),
      ends: groupedBy(files, keysOf),
    };
  });
}

function groupedBy(
  files: readonly string[],
  keysOf: (file: string) => readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const file of files)
    for (const key of keysOf(file)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [file]);
      else group.push(file);
    }
  return groups;
}

/** The picture that a name stands for; `undefined` where there is none. */
function fileNamed({ name, line }: Opinion, places: readonly Places[], source: string): string | undefined {
  for (const [i, { ofName }] of spellings.entries())
    for (const where of ['whole', 'ends'] as const)
      for (const end of endsOf(name)) {
        const [file, other] = places[i]?.[where].get(ofName(end)) ?? [];
        if (other !== undefined)
          throw new RevelaError(
            `${source}, line ${line}: ${name} stands for ${file} and for ${other}; write the name with its folder and extension`,
          );
        if (file !== undefined) return file;
      }
  return undefined;
}

/** A file of that very name that is no picture by its extension: whoever reads it says what is wrong. */
async function otherFile(folder: string, name: string): Promise<string | undefined> {
  const path = join(folder, name);
  if (relative(folder, path).startsWith('..')) return undefined;
  return (await stat(path).catch(() => undefined))?.isFile() ? path : undefined;
}
