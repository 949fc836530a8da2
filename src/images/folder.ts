import { lstat, realpath, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, sep } from 'node:path';
import { RevelaError } from '../errors.js';
import { fileError, fileErrorCode } from '../file-errors.js';
import { fileIdentity } from '../file-identity.js';
import { checked, checkValue, list, path } from '../options/index.js';
import { formatOfPath, supportedKinds } from './formats.js';
import { type LeftOut, LeftOutList } from './left-out.js';
import { type Entry, listEntries } from './list-entries.js';
import { choicesOf, isPattern, nameRule } from './pattern.js';
import { type FindOptions, findOptions, type SearchOptions } from './search-options.js';
import { checkShard, isInShard, type Shard } from './shard.js';

const inputsOption = list(path({ words: '' }), { expected: 'files, folders and patterns', words: '' });

/** A picture that an input stands for. */
export interface FoundPicture {
  readonly path: string;
  /** Its place inside of the folder, or of what the pattern is about: `100CANON/IMG_1.JPG`. Of a file that was named, its name. */
  readonly place: string;
}

/** What was found, and what was not taken. */
export interface PictureSearch {
  readonly pictures: readonly FoundPicture[];
  /** Whether there may be several, however many there are: an input is a folder or a pattern, or several were named. */
  readonly several: boolean;
  readonly leftOut: LeftOut;
}

/**
 * The picture files that the inputs stand for: a file is itself, whatever its name; a folder is the pictures in
 * it; anything else is a pattern with `*`, `**`, `?`, `[ab]` or `{a,b}`. In folders and patterns, hidden files and
 * files without a picture's extension are left out, and a folder whose own name has such characters is itself. A file
 * appears once, and all are in natural order (`img2` before `img10`).
 *
 * @throws RevelaError if an input is missing, a pattern matches no picture or a folder holds none
 *
 * @example
 * await findPictures(['holiday', 'scans/*.tif'], { recursive: true });
 */
export async function findPictures(inputs: readonly string[], options: FindOptions = {}): Promise<string[]> {
  checked('findPictures', findOptions, options);
  checkValue(inputsOption, inputs, 'what findPictures looks through');
  const { shard } = options;
  if (shard !== undefined) checkShard(shard);
  const { pictures, leftOut } = sharedOut(await searchPictures(inputs, options), shard);
  for (const { message } of leftOut.unreadable) options.onLeftOut?.(`Left out: ${message}`);
  if (leftOut.text !== undefined) options.onLeftOut?.(`Left out: ${leftOut.text}`);
  return pictures.map(({ path }) => path);
}

/**
 * The same, with the places of the pictures and what was left out.
 *
 * @throws RevelaError as {@link findPictures}
 */
export async function searchPictures(
  inputs: readonly string[],
  options: SearchOptions = {},
): Promise<PictureSearch> {
  const search = new Search(options);
  const named = new Set<FoundPicture>();
  const found = new Map<string, FoundPicture>(); // by the real path, to meet each file once
  for (const input of inputs) {
    if (inputs.length > 1 && (await search.leavesOutBroken(input))) continue;
    const isNamed = await search.isNamedFile(input);
    const pictures = isNamed ? [{ path: input, place: basename(input) }] : await search.expand(input);
    for (const picture of pictures) {
      if (isNamed) named.add(picture);
      const real = await realpath(picture.path).catch(() => picture.path); // a pipe has none
      if (!found.has(real)) found.set(real, picture);
    }
  }
  const all = [...found.values()].sort((a, b) => naturally(a.path, b.path));
  const several = inputs.length > 1 || named.size === 0;
  const pictures = all.filter((picture) => {
    const result = several && named.has(picture) && isResultOf(picture.path, all, suffixesOf(options));
    if (result) search.leftOut.count('result of an earlier run', 'results of earlier runs');
    return !result;
  });
  return { pictures, several, leftOut: search.leftOut };
}

/** One share of what was found; what cannot be read is told by one of them, too. All of it where there are no shares. */
export function sharedOut(search: PictureSearch, shard: Shard | undefined): PictureSearch {
  if (shard === undefined) return search;
  const { unreadable, text } = search.leftOut;
  return {
    ...search,
    pictures: search.pictures.filter((picture) => isInShard(picture, shard)),
    leftOut: {
      text,
      unreadable: unreadable.filter(({ input }) => isInShard({ place: basename(input) }, shard)),
    },
  };
}

/** Whether a file ends like a result, and the picture that it would be made of is there. */
function isResultOf(path: string, pictures: readonly FoundPicture[], suffixes: readonly string[]): boolean {
  const stem = stemOfPath(path);
  return suffixes.some(
    (suffix) =>
      stem.endsWith(suffix) &&
      pictures.some((other) => stemOfPath(other.path) === stem.slice(0, stem.length - suffix.length)),
  );
}

const stemOfPath = (path: string): string => join(dirname(path), basename(path, extname(path)));

const suffixesOf = ({ exceptSuffix = [] }: SearchOptions): readonly string[] => [exceptSuffix].flat();

class Search {
  readonly leftOut = new LeftOutList();
  readonly #options: SearchOptions;

  constructor(options: SearchOptions) {
    this.#options = options;
  }

  /** One link to nothing does not stop the others: it may have come from a pattern of the shell. */
  async leavesOutBroken(input: string): Promise<boolean> {
    const broken = (await exists(input)) && (await stat(input).catch(fileErrorCode)) === 'ENOENT';
    if (broken) this.leftOut.unreadable.push({ input, message: `${input} ${complaints.broken}` });
    return broken;
  }

  /** Whether an input is a file, or anything else that is no folder and no pattern. */
  async isNamedFile(input: string): Promise<boolean> {
    const facts = await stat(input).catch((error: unknown) => {
      const code = fileErrorCode(error);
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
      throw fileError(`cannot read ${input}`, error);
    });
    if (facts !== undefined) return !facts.isDirectory();
    if (input === '-')
      throw new RevelaError('pictures are not read from standard input (-); save it to a file and name that');
    if (await exists(input)) throw new RevelaError(`${input} ${complaints.broken}`);
    if (!isPattern(input)) throw new RevelaError(`${input} does not exist; check the spelling`);
    return false;
  }

  /** The pictures of a folder, or those that a pattern matches. */
  async expand(input: string): Promise<readonly FoundPicture[]> {
    const before = { unreadable: this.leftOut.unreadable.length, text: this.leftOut.text };
    const isFolder = (await stat(input).catch(() => undefined))?.isDirectory() === true;
    const pictures = isFolder ? await this.#inFolder(input, '') : await this.#byPattern(input);
    if (pictures.length > 0) return pictures;
    const unreadable = this.leftOut.unreadable[before.unreadable];
    if (unreadable !== undefined) throw new RevelaError(unreadable.message);
    const { text } = this.leftOut;
    const others = text === undefined || text === before.text ? '' : `; left out: ${text}`;
    throw new RevelaError(
      isFolder
        ? `the folder ${input} holds no pictures; expected ${supportedKinds} files${this.#options.recursive === true ? '' : ' in it (folders inside are searched only with `recursive`)'}${others}`
        : `no picture matches ${input}; expected ${supportedKinds} files${others}`,
    );
  }

  async #inFolder(folder: string, place: string): Promise<readonly FoundPicture[]> {
    const { recursive = false } = this.#options;
    const pictures: FoundPicture[] = [];
    for (const entry of await listEntries(folder)) {
      const { path, name, kind } = entry;
      const inside = place === '' ? name : `${place}/${name}`;
      if (kind === 'linked' && recursive) this.leftOut.count('link to a folder', 'links to folders');
      else if (kind === 'folder') {
        if (await this.#isExcepted(path)) continue;
        if (recursive) pictures.push(...(await this.#inFolder(path, inside)));
        else
          this.leftOut.count(
            'folder inside (`recursive` takes its pictures)',
            'folders inside (`recursive` takes their pictures)',
          );
      } else if (this.#takes(entry)) pictures.push({ path, place: inside });
    }
    return pictures;
  }

  async #isExcepted(folder: string): Promise<boolean> {
    const { exceptFolder } = this.#options;
    return exceptFolder !== undefined && (await fileIdentity(folder)) === (await fileIdentity(exceptFolder));
  }

  /** Whether an entry is a picture to take; what is not is noted, where it is worth a word. */
  #takes({ path, name, kind }: Entry): boolean {
    if (kind === 'folder' || kind === 'linked') return false;
    if (formatOfPath(name) === undefined) {
      this.leftOut.otherKind(name);
      return false;
    }
    const why = complaints[kind];
    if (why !== undefined) {
      this.leftOut.unreadable.push({ input: path, message: `${path} ${why}` });
      return false;
    }
    const stem = basename(name, extname(name));
    const isResult = suffixesOf(this.#options).some((suffix) => stem.endsWith(suffix));
    if (isResult) this.leftOut.count('result of an earlier run', 'results of earlier runs');
    return !isResult;
  }

  async #byPattern(input: string): Promise<readonly FoundPicture[]> {
    const pattern = sep === '\\' ? input.replaceAll('\\', '/') : input;
    const absolute = /^\/+/.exec(pattern)?.[0] ?? '';
    // As far as folders have these very names, characters of patterns are part of them.
    let base = absolute;
    let rest = pattern.slice(absolute.length).split('/');
    for (let [first] = rest; first !== undefined && rest.length > 1; [first] = rest) {
      const path = base + first;
      if (isPattern(first) && !(await exists(path))) break;
      base = `${path}/`;
      rest = rest.slice(1);
    }
    const paths = new Set<string>();
    for (const alternative of alternativesOf(rest.join('/')))
      for (const path of await this.#matches(base, alternative.split('/'))) paths.add(path);
    const from = base === '' ? '.' : base;
    return [...paths].map((path) => ({ path: join(path), place: relative(from, path) }));
  }

  /** @param base ends with a slash, or is empty */
  async #matches(base: string, [first = '', ...rest]: readonly string[]): Promise<readonly string[]> {
    const everywhere = first === '**' && rest.length > 0;
    if (!everywhere && !isPattern(first) && rest.length > 0) return this.#matches(`${base}${first}/`, rest);
    const folder = base === '' ? '.' : base;
    if ((await stat(folder).catch(() => undefined))?.isDirectory() !== true) return [];
    const found: string[] = everywhere ? [...(await this.#matches(base, withoutRepeats(rest)))] : [];
    const fits = everywhere ? () => true : nameRule(first);
    for (const entry of await listEntries(folder)) {
      if (!fits(entry.name)) continue;
      const path = `${base}${entry.name}`;
      if (everywhere) {
        if (entry.kind === 'folder' && !(await this.#isExcepted(path)))
          found.push(...(await this.#matches(`${path}/`, ['**', ...rest])));
      } else if (rest.length > 0) {
        if (entry.kind === 'folder' || entry.kind === 'linked')
          found.push(...(await this.#matches(`${path}/`, rest)));
      } else if (this.#takes(entry)) found.push(path);
    }
    return found;
  }
}

/** What is wrong with an entry that has a picture's name. */
const complaints = {
  broken: 'is a link to something that does not exist',
  nameless: 'has a name that is no UTF-8 text; rename it',
  other: 'is not a regular file; expected a picture file',
  file: undefined,
} as const;

/** All that the `{a,b}` of a pattern stand for. */
function alternativesOf(pattern: string): readonly string[] {
  return choicesOf(pattern)?.flatMap(alternativesOf) ?? [pattern];
}

/** `**` twice is `**` once. */
function withoutRepeats(rest: readonly string[]): readonly string[] {
  return rest[0] === '**' && rest.length > 1 ? withoutRepeats(rest.slice(1)) : rest;
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

const order = new Intl.Collator('en', { numeric: true });

function naturally(a: string, b: string): number {
  return order.compare(a, b) || (a < b ? -1 : 1);
}
