import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, extname, join, sep } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { RevelaError } from '../errors.js';
import { fileError, fileErrorCode } from '../file-errors.js';
import { formatOfPath, supportedKinds } from './formats.js';

/** Options of {@link findPictures}. */
export interface FindOptions {
  /** Whether folders inside of the folders are searched too; default false. */
  readonly recursive?: boolean;
  /** In folders and patterns, leave out files whose name without the extension ends so, or in one of these ways: results of earlier runs. */
  readonly exceptSuffix?: string | readonly string[];
}

/**
 * The picture files that the inputs stand for: a file is itself, whatever its name; a folder is the pictures in
 * it; anything else is a pattern with `*`, `**`, `?`, `[ab]` or `{a,b}`. In folders and patterns, hidden files and
 * files without a picture's extension are left out. A file appears once, and all are in natural order
 * (`img2` before `img10`).
 *
 * @throws RevelaError if an input is missing, a pattern matches no picture or a folder holds none
 *
 * @example
 * await findPictures(['holiday', 'scans/*.tif'], { recursive: true });
 */
export async function findPictures(inputs: readonly string[], options: FindOptions = {}): Promise<string[]> {
  const found = new Map<string, string>(); // by the real path, to meet each file once
  for (const input of inputs) {
    for (const path of await expand(input, options)) {
      const real = await realpath(path).catch((error: unknown) => {
        throw fileError(`cannot read ${path}`, error);
      });
      if (!found.has(real)) found.set(real, path);
    }
  }
  return [...found.values()].sort(naturally);
}

async function expand(input: string, options: FindOptions): Promise<string[]> {
  const facts = await stat(input).catch((error: unknown) => {
    const code = fileErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw fileError(`cannot read ${input}`, error);
  });
  if (facts?.isDirectory()) return picturesIn(input, options);
  if (facts !== undefined) return [input];
  // A file may have a pattern's characters in its name, so that files come first.
  const pattern = sep === '\\' ? input.replaceAll('\\', '/') : input;
  if (!isDynamicPattern(pattern)) throw new RevelaError(`${input} does not exist; check the spelling`);
  const matches = await glob(pattern, { onlyFiles: true, expandDirectories: false });
  const pictures = matches.filter((path) => isPicture(path, options));
  if (pictures.length === 0)
    throw new RevelaError(`no picture matches ${input}; expected ${supportedKinds} files`);
  return pictures;
}

async function picturesIn(folder: string, options: FindOptions): Promise<string[]> {
  const recursive = options.recursive ?? false;
  const names = await readdir(folder, { recursive }).catch((error: unknown) => {
    throw fileError(`cannot read ${folder}`, error);
  });
  const pictures: string[] = [];
  for (const name of names) {
    const path = join(folder, name);
    const hidden = name.split(sep).some((part) => part.startsWith('.'));
    if (!hidden && isPicture(path, options) && (await stat(path).catch(() => undefined))?.isFile())
      pictures.push(path);
  }
  if (pictures.length > 0) return pictures;
  throw new RevelaError(
    `the folder ${folder} holds no pictures; expected ${supportedKinds} files${recursive ? '' : ' in it (folders inside are searched only with --recursive)'}`,
  );
}

function isPicture(path: string, { exceptSuffix = [] }: FindOptions): boolean {
  if (formatOfPath(path) === undefined) return false;
  const name = basename(path, extname(path));
  return ![exceptSuffix].flat().some((suffix) => name.endsWith(suffix));
}

const order = new Intl.Collator('en', { numeric: true });

function naturally(a: string, b: string): number {
  return order.compare(a, b) || (a < b ? -1 : 1);
}
