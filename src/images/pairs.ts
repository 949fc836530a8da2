import { basename, extname } from 'node:path';
import { RevelaError } from '../errors.js';
import { formatOfPath } from './formats.js';

/** A noisy picture and the clean one of the same scene. */
export interface PicturePair {
  /** What both names have in common, for people: `chair_11` of `chair_11_real.JPG` and `chair_11_mean.JPG`. */
  readonly name: string;
  readonly noisy: string;
  readonly clean: string;
}

/** Which pictures belong together; see {@link pairPictures}. */
export interface PicturePairing {
  /** In the order of the noisy pictures. */
  readonly pairs: readonly PicturePair[];
  /** Clean pictures that no noisy one belongs to. */
  readonly spareClean: readonly string[];
}

/** Words in a name that say what a picture is, not what it shows; as the public data sets use them. */
const noisyWords: ReadonlySet<string> = new Set(['noisy', 'noise', 'real', 'input', 'lq']);
const cleanWords: ReadonlySet<string> = new Set([
  'clean',
  'mean',
  'gt',
  'ref',
  'reference',
  'target',
  'truth',
]);

type Role = 'noisy' | 'clean';

const separator = /[-_. ]+/;

/**
 * Pairs noisy and clean pictures by their names, without opening them. Two names belong together if they are equal
 * without their extension, or else if they are without the words that say which of both a picture is (`noisy`, `real`,
 * `input`… and `clean`, `mean`, `gt`…), whatever their case and what stands between the words.
 *
 * Both lists may come from one folder that holds noisy and clean pictures: the words then say which is which.
 *
 * @param noisy paths of files
 * @param clean paths of files
 * @throws RevelaError if a noisy picture has no clean one, or two of a list are the same scene
 *
 * @example
 * pairPictures(['noisy/1_real.JPG'], ['clean/1_mean.png']).pairs;
 * // [{ name: '1', noisy: 'noisy/1_real.JPG', clean: 'clean/1_mean.png' }]
 */
export function pairPictures(noisy: readonly string[], clean: readonly string[]): PicturePairing {
  const [onlyNoisy, onlyClean] = separate(noisy, clean);
  const cleanOf = new Map<string, string>();
  for (const keyOf of [stemOf, sceneOf]) {
    const taken = new Set(cleanOf.values());
    const noisyByKey = groupBy(
      onlyNoisy.filter((path) => !cleanOf.has(path)),
      keyOf,
    );
    const cleanByKey = groupBy(
      onlyClean.filter((path) => !taken.has(path)),
      keyOf,
    );
    for (const [key, candidates] of noisyByKey) {
      const partners = cleanByKey.get(key);
      if (partners !== undefined) cleanOf.set(sole(candidates, partners), sole(partners, candidates));
    }
  }
  const alone = onlyNoisy.filter((path) => !cleanOf.has(path));
  if (alone.length > 0 || onlyNoisy.length === 0) throw unpaired(alone, onlyNoisy, onlyClean);
  const used = new Set(cleanOf.values());
  return {
    pairs: onlyNoisy.flatMap((path) => {
      const partner = cleanOf.get(path);
      return partner === undefined ? [] : [{ name: nameOf(path, partner), noisy: path, clean: partner }];
    }),
    spareClean: onlyClean.filter((path) => !used.has(path)),
  };
}

/** Takes pictures that are in both lists out of the one where their name says that they do not belong. */
function separate(
  noisy: readonly string[],
  clean: readonly string[],
): [readonly string[], readonly string[]] {
  const ofClean = new Set(clean);
  const roles = new Map(noisy.filter((path) => ofClean.has(path)).map((path) => [path, roleOf(path)]));
  const unclear = [...roles].find(([, role]) => role === undefined)?.[0];
  if (unclear !== undefined)
    throw new RevelaError(
      `${unclear} is among the noisy and among the clean pictures, and its name does not say which it is; give two folders, or put a word like _noisy or _clean in the names`,
    );
  return [
    noisy.filter((path) => roles.get(path) !== 'clean'),
    clean.filter((path) => roles.get(path) !== 'noisy'),
  ];
}

function unpaired(alone: readonly string[], noisy: readonly string[], clean: readonly string[]): RevelaError {
  const [first] = alone;
  if (first === undefined) return new RevelaError('there are no noisy pictures to pair with clean ones');
  const more = alone.length === 1 ? 'has' : `and ${alone.length - 1} more of ${noisy.length} have`;
  const examples = clean.slice(0, 3).map((path) => basename(path));
  const found =
    clean.length === 0
      ? 'there are no clean pictures'
      : `the clean pictures are ${examples.join(', ')}${clean.length > 3 ? ` and ${clean.length - 3} more` : ''}`;
  return new RevelaError(
    `${first} ${more} no clean picture: expected one named ${stemOf(first)}, or the same but for a word like _noisy and _clean, _real and _mean, or GT (any extension); ${found}`,
  );
}

/** The only one of a list; two pictures of one scene would have to be told apart by guessing. */
function sole(list: readonly string[], others: readonly string[]): string {
  const [one, other] = list;
  if (one === undefined || other !== undefined)
    throw new RevelaError(
      `${list.slice(0, 2).join(' and ')} both belong to ${others[0]}, by their names; leave one of them out`,
    );
  return one;
}

function roleOf(path: string): Role | undefined {
  const words = wordsOf(path);
  const isNoisy = words.some((word) => isOneOf(noisyWords, word));
  const isClean = words.some((word) => isOneOf(cleanWords, word));
  if (isNoisy === isClean) return undefined;
  return isNoisy ? 'noisy' : 'clean';
}

/** The name without a picture's extension. */
function stemOf(path: string): string {
  return basename(path, formatOfPath(path) === undefined ? '' : extname(path));
}

function wordsOf(path: string): readonly string[] {
  return stemOf(path).split(separator);
}

/** The words that tell the scene; all of them where none would be left. */
function sceneWords(path: string): readonly string[] {
  const words = wordsOf(path);
  const kept = words.filter((word) => !isOneOf(noisyWords, word) && !isOneOf(cleanWords, word));
  return kept.length > 0 ? kept : words;
}

function sceneOf(path: string): string {
  return sceneWords(path).join(' ').toLowerCase();
}

function nameOf(noisy: string, clean: string): string {
  const stem = stemOf(noisy);
  return stem === stemOf(clean) ? stem : sceneWords(noisy).join('_');
}

function isOneOf(words: ReadonlySet<string>, word: string): boolean {
  return words.has(word.toLowerCase());
}

function groupBy(paths: readonly string[], keyOf: (path: string) => string): ReadonlyMap<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const path of paths) {
    const group = groups.get(keyOf(path));
    if (group === undefined) groups.set(keyOf(path), [path]);
    else group.push(path);
  }
  return groups;
}
