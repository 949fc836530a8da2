import { basename, extname } from 'node:path';
import { RevelaError } from '../errors.js';
import { formatOfPath } from './formats.js';

/** One of two kinds of pictures of the same scenes. */
export interface PictureKind {
  /** What messages call one of them: `noisy`. */
  readonly name: string;
  /** Words in a name, in small letters, that say that a picture is of the kind, not what it shows. */
  readonly words: ReadonlySet<string>;
}

/** Two kinds of pictures that belong together. */
export interface PictureKinds {
  readonly one: PictureKind;
  readonly other: PictureKind;
  /** Words by which both may differ, for people. */
  readonly examples: string;
}

/** Two pictures of one scene. */
export interface NamedPair {
  /** What both names have in common, for people: `chair_11` of `chair_11_real.JPG` and `chair_11_mean.JPG`. */
  readonly name: string;
  readonly one: string;
  readonly other: string;
}

/** Words end at separators, and before a scale at the end of a number: `0801x4`. */
const separator = /[-_. ]+|(?<=\d)(?=x[2348]$)/i;

/** What belongs together, and what stands alone. */
export interface NameMatch {
  /** In the order of the first list. */
  readonly pairs: readonly NamedPair[];
  /** What of the first list is in no pair. */
  readonly alone: readonly string[];
  /** What of the second list is in no pair. */
  readonly spare: readonly string[];
}

/**
 * Pairs pictures of two kinds by their names, without opening them. Two names belong together if they are equal without
 * their extension, or else if they are without the words that say which of both a picture is, whatever their case and
 * what stands between the words.
 *
 * Both lists may come from one folder that holds both kinds: the words then say which is which.
 *
 * @param ones paths of files of the first kind
 * @param others paths of files of the second
 * @throws RevelaError if two of a list are the same scene
 */
export function matchByName(
  ones: readonly string[],
  others: readonly string[],
  kinds: PictureKinds,
): NameMatch {
  const [onlyOnes, onlyOthers] = separate(ones, others, kinds);
  const partnerOf = new Map<string, string>();
  for (const keyOf of [stemOf, (path: string) => sceneWords(path, kinds).join(' ').toLowerCase()]) {
    const taken = new Set(partnerOf.values());
    const candidates = groupBy(
      onlyOnes.filter((path) => !partnerOf.has(path)),
      keyOf,
    );
    const partners = groupBy(
      onlyOthers.filter((path) => !taken.has(path)),
      keyOf,
    );
    for (const [key, list] of candidates) {
      const found = partners.get(key);
      if (found !== undefined) partnerOf.set(sole(list, found), sole(found, list));
    }
  }
  const used = new Set(partnerOf.values());
  return {
    pairs: onlyOnes.flatMap((one) => {
      const other = partnerOf.get(one);
      return other === undefined ? [] : [{ name: nameOf(one, other, kinds), one, other }];
    }),
    alone: onlyOnes.filter((path) => !partnerOf.has(path)),
    spare: onlyOthers.filter((path) => !used.has(path)),
  };
}

/**
 * The same where every picture of the first list must have a partner.
 *
 * @returns the pairs in the order of the first list, and what of the second list is in none
 * @throws RevelaError if one of the first list has no partner, or two of a list are the same scene
 */
export function pairByName(
  ones: readonly string[],
  others: readonly string[],
  kinds: PictureKinds,
): Pick<NameMatch, 'pairs' | 'spare'> {
  const { pairs, alone, spare } = matchByName(ones, others, kinds);
  if (alone.length > 0 || pairs.length === 0) throw unpaired(alone, pairs, spare, kinds);
  return { pairs, spare };
}

/** Takes pictures that are in both lists out of the one where their name says that they do not belong. */
function separate(
  ones: readonly string[],
  others: readonly string[],
  { one, other }: PictureKinds,
): [readonly string[], readonly string[]] {
  const ofOthers = new Set(others);
  const kindOf = (path: string): PictureKind | undefined => {
    const words = wordsOf(path);
    const [isOne, isOther] = [one, other].map((kind) => words.some((word) => isOf(kind, word)));
    return isOne === isOther ? undefined : isOne ? one : other;
  };
  const known = new Map(ones.filter((path) => ofOthers.has(path)).map((path) => [path, kindOf(path)]));
  const unclear = [...known].find(([, kind]) => kind === undefined)?.[0];
  if (unclear !== undefined)
    throw new RevelaError(
      `${unclear} is among the ${one.name} and among the ${other.name} pictures, and its name does not say which it is; give two folders, or put a word like _${one.name} or _${other.name} in the names`,
    );
  return [ones.filter((path) => known.get(path) !== other), others.filter((path) => known.get(path) !== one)];
}

/** Why pictures cannot be paired: the first that is alone, and which partners there are. */
export function unpaired(
  alone: readonly string[],
  pairs: readonly NamedPair[],
  spare: readonly string[],
  { one, other, examples }: PictureKinds,
): RevelaError {
  const [first] = alone;
  if (first === undefined)
    return new RevelaError(`there are no ${one.name} pictures to pair with ${other.name} ones`);
  const more =
    alone.length === 1 ? 'has' : `and ${alone.length - 1} more of ${alone.length + pairs.length} have`;
  const others = [...pairs.map((pair) => pair.other), ...spare].map((path) => basename(path)).sort(naturally);
  const some = others.slice(0, 3);
  const found =
    others.length === 0
      ? `there are no ${other.name} pictures`
      : `the ${other.name} pictures are ${some.join(', ')}${others.length > 3 ? ` and ${others.length - 3} more` : ''}`;
  return new RevelaError(
    `${first} ${more} no ${other.name} picture: expected one named ${stemOf(first)}, or the same but for a word like ${examples} (any extension); ${found}`,
  );
}

const naturally = new Intl.Collator('en', { numeric: true }).compare;

/** The only one of a list; two pictures of one scene would have to be told apart by guessing. */
function sole(list: readonly string[], others: readonly string[]): string {
  const [one, other] = list;
  if (one === undefined || other !== undefined)
    throw new RevelaError(
      `${list.slice(0, 2).join(' and ')} both belong to ${others[0]}, by their names; leave one of them out`,
    );
  return one;
}

/** The name without a picture's extension. */
export function stemOf(path: string): string {
  return basename(path, formatOfPath(path) === undefined ? '' : extname(path));
}

function wordsOf(path: string): readonly string[] {
  return stemOf(path).split(separator);
}

/** The words that tell the scene; all of them where none would be left. */
function sceneWords(path: string, { one, other }: PictureKinds): readonly string[] {
  const words = wordsOf(path);
  const kept = words.filter((word) => !isOf(one, word) && !isOf(other, word));
  return kept.length > 0 ? kept : words;
}

function nameOf(one: string, other: string, kinds: PictureKinds): string {
  const stem = stemOf(one);
  return stem === stemOf(other) ? stem : sceneWords(one, kinds).join('_');
}

function isOf({ words }: PictureKind, word: string): boolean {
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
