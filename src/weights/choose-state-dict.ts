import { RevelaError } from '../errors.js';
import { present } from '../present.js';
import { wrappingPrefix } from './prefixes.js';

/** A dict of tensors in a file, by what keys it lies there. */
export interface Candidate<Tensor> {
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** Keys that led to it, from the outside; none where the file is the dict. */
  readonly wrapper: readonly string[];
}

/** What was chosen. */
export interface Choice<Given> {
  readonly from: Given;
  /** What stands before the names of its tensors and is no part of them; other tensors of the dict are left out. */
  readonly prefix: string;
  /** What else there is to choose from. */
  readonly others: readonly string[];
}

/** Shapes by name: of the tensors that a network may have. */
export type Recognises = (shapes: Readonly<Record<string, readonly number[]>>) => boolean;

/** How to choose. */
export interface Choosing {
  readonly file: string;
  readonly recognises: Recognises;
  /** The name of the wanted dict, as errors and `others` give it, or the end of it. */
  readonly key: string | undefined;
}

interface Shaped {
  readonly shape: readonly number[];
}

/** A network that lies in a dict, whole or under a prefix. */
interface Part<Given> {
  readonly from: Given;
  readonly prefix: string;
  readonly name: string;
  /** Whether its tensors are those of a network that is known. */
  readonly known: boolean;
  /** Other tensors of the dict that neither belong to it nor to what trainings keep beside. */
  readonly foreign?: string;
}

/** Keys under which programs keep a state dict, the usual one first. */
const usual = [
  ['params'],
  ['state_dict'],
  ['model_state_dict', 'model_state', 'model_weight', 'model_weights'],
  ['model'],
  ['net', 'network'],
  ['generator', 'gen', 'g', 'net_g', 'model_g', 'generator_state_dict', 'g_state_dict', 'state_dict_g'],
  ['weights'],
];

/** What a training keeps beside the network that it is for: judges, and networks that losses look through. */
const beside =
  /(?:^|_)(?:d|disc\w*|dis|critic\w*|net_d\w*|adversar\w*|vgg\w*|lpips|dists|percept\w*|percep|cri|loss\w*|criterion\w*|metric\w*|ssim|psnr|fid|inception)(?:_|$)/;
/** Averages over the steps of a training are meant for use. */
const averaged = /(?:^|_)(?:ema|averaged?|avg|swa|shadow|polyak)(?:_|$)/;

/** `netG-EMA` → `net_g_ema` */
const plain = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_');

const wholeFile = 'the file itself';

/**
 * Chooses one network among those of a file: the one that `key` names, otherwise one that is known before others, not
 * what a training keeps beside it, averaged weights before the last ones, and the usual names before others.
 *
 * @throws RevelaError with the names, if there is none of that key, or nothing decides
 */
export function chooseStateDict<Tensor extends Shaped, Given extends Candidate<Tensor>>(
  candidates: readonly [Given, ...Given[]],
  choosing: Choosing,
): Choice<Given> {
  const { file, key } = choosing;
  const withNetworks = candidates.filter(hasWeights);
  const dicts = withNetworks.length > 0 ? withNetworks : [...candidates];
  const parts = dicts.flatMap((from) => partsOf(from, choosing.recognises));
  const chosen = key === undefined ? best(parts, file) : named(key, parts, dicts, choosing);
  const others = [
    ...parts.map(({ name }) => name),
    ...dicts.map((dict) => nameOf(dict)),
    ...besides(chosen),
  ].filter((name) => name !== chosen.name && name !== nameOf(chosen.from));
  return { from: chosen.from, prefix: chosen.prefix, others: [...new Set(others)] };
}

/** What lies in a dict beside the network that was taken out of it, such as a discriminator, by how their names begin. */
function besides({ from, prefix }: Part<Candidate<Shaped>>): readonly string[] {
  if (prefix === '') return [];
  const found = new Set<string>();
  for (const key of from.tensors.keys()) {
    if (key.startsWith(prefix)) continue;
    let end = key.indexOf('.') + 1;
    while (end > 0 && prefix.startsWith(key.slice(0, end))) end = key.indexOf('.', end) + 1;
    if (end > 0) found.add(nameOf(from, key.slice(0, end)));
  }
  return [...found];
}

/** Whether there is anything but single numbers, such as counters and scores. */
function hasWeights({ tensors }: Candidate<Shaped>): boolean {
  return [...tensors.values()].some(({ shape }) => shape.length > 0);
}

function nameOf({ wrapper }: Candidate<unknown>, prefix = ''): string {
  const parts = [...wrapper, ...(prefix === '' ? [] : [prefix.slice(0, -1)])];
  return parts.length === 0 ? wholeFile : parts.join('.');
}

/** The networks of a dict: the one that it is, or those that lie in it under prefixes. */
function partsOf<Given extends Candidate<Shaped>>(
  from: Given,
  recognises: Recognises,
): readonly Part<Given>[] {
  const keys = [...from.tensors.keys()];
  const isKnown = (prefix: string): boolean => recognises(shapesBelow(from, prefix));
  const prefix = wrappingPrefix(keys, isKnown);
  const whole = { from, prefix, name: nameOf(from), known: isKnown(prefix) };
  if (whole.known) return [whole];
  const prefixes: string[] = [];
  for (const candidate of innerPrefixes(keys))
    if (!prefixes.some((outer) => candidate.startsWith(outer)) && isKnown(candidate))
      prefixes.push(candidate);
  if (prefixes.length === 0) return [whole];
  const foreign = keys.find(
    (key) =>
      key.includes('.') && !prefixes.some((known) => key.startsWith(known)) && !isBeside(key.split('.')),
  );
  return prefixes.map((inner) => ({
    from,
    prefix: inner,
    name: nameOf(from, inner),
    known: true,
    ...present({ foreign }),
  }));
}

const deepestPrefix = 4;
const mostPrefixes = 2000;

/** What stands before the dots of names, shorter ones first, but for what stands before numbers alone. */
function innerPrefixes(keys: readonly string[]): readonly string[] {
  const found = new Set<string>();
  for (const key of keys) {
    const parts = key.split('.').slice(0, -1);
    for (let length = 1; length <= Math.min(parts.length, deepestPrefix); length++)
      if (found.size < mostPrefixes) found.add(`${parts.slice(0, length).join('.')}.`);
  }
  return [...found].sort((a, b) => a.split('.').length - b.split('.').length);
}

function shapesBelow({ tensors }: Candidate<Shaped>, prefix: string): Record<string, readonly number[]> {
  const shapes: Record<string, readonly number[]> = {};
  for (const [key, { shape }] of tensors)
    if (key.startsWith(prefix)) shapes[key.slice(prefix.length)] = shape;
  return shapes;
}

const isBeside = (path: readonly string[]): boolean => path.some((part) => beside.test(plain(part)));
const isAveraged = (path: readonly string[]): boolean => path.some((part) => averaged.test(plain(part)));

/** How good a choice a part is, the smaller the better, by one reason after the other. */
function ranksOf({ from: { wrapper }, prefix, known }: Part<Candidate<unknown>>): readonly number[] {
  const path = [...wrapper, ...prefix.split('.').filter((part) => part !== '')];
  const places = path.map((part) => {
    const name = plain(part).replace(averaged, '_').replace(/^_|_$/g, '');
    const place = usual.findIndex((names) => names.includes(name));
    return place < 0 ? usual.length + 1 : place;
  });
  return [
    known ? 0 : 1,
    isBeside(path) ? 1 : 0,
    isAveraged(path) ? 0 : 1,
    ...(places.length > 0 ? places : [usual.length]),
  ];
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? -1) - (b[i] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

function best<Given extends Candidate<Shaped>>(parts: readonly Part<Given>[], file: string): Part<Given> {
  const ranked = parts
    .map((part) => ({ part, ranks: ranksOf(part) }))
    .sort((a, b) => compareRanks(a.ranks, b.ranks));
  const [first, second] = ranked;
  if (first === undefined) throw new RevelaError(`${file} holds no state dict; save model.state_dict()`);
  if (second !== undefined && compareRanks(first.ranks, second.ranks) === 0)
    throw new RevelaError(
      `${file} holds several state dicts (${few(parts.map(({ name }) => name))}); choose one with \`FILE::KEY\``,
    );
  const { foreign, name } = first.part;
  if (foreign !== undefined)
    throw new RevelaError(
      `${file} holds a known network as a part of a larger one, which has ${foreign} too; \`FILE::${name}\` takes the part alone`,
    );
  return first.part;
}

/** The dict, or the tensors with a prefix, that a key names. */
function named<Given extends Candidate<Shaped>>(
  key: string,
  parts: readonly Part<Given>[],
  dicts: readonly Given[],
  { file, recognises }: Choosing,
): Part<Given> {
  const fits = (name: string): boolean => name === key || name.endsWith(`.${key}`);
  const found: Part<Given>[] = parts.filter(({ name }) => fits(name));
  if (found.length === 0)
    for (const from of dicts) {
      const keys = [...from.tensors.keys()];
      if (fits(nameOf(from))) {
        found.push({ from, prefix: wrappingPrefix(keys, () => false), name: nameOf(from), known: false });
        continue;
      }
      const around = `${from.wrapper.join('.')}.`;
      const outer = `${key.startsWith(around) ? key.slice(around.length) : key}.`;
      const inner = keys.filter((name) => name.startsWith(outer));
      if (inner.length === 0) continue;
      const known = (prefix: string): boolean => recognises(shapesBelow(from, outer + prefix));
      const rest = wrappingPrefix(
        inner.map((name) => name.slice(outer.length)),
        known,
      );
      found.push({ from, prefix: outer + rest, name: nameOf(from, outer), known: known(rest) });
    }
  const [first, ...more] = found.sort((a, b) => a.name.length - b.name.length);
  if (first !== undefined && (more.length === 0 || first.name === key)) return first;
  const names = first === undefined ? [...parts, ...dicts.map((d) => ({ name: nameOf(d) }))] : found;
  throw new RevelaError(
    `${file} has ${first === undefined ? 'no' : 'several'} state dict${first === undefined ? '' : 's'} under the key ${key}; it holds ${few([...new Set(names.map(({ name }) => name))])}`,
  );
}

const few = (names: readonly string[]): string =>
  names
    .slice(0, 8)
    .map((name) => name.slice(0, 100).replace(/\p{C}/gu, '?'))
    .join(', ') + (names.length > 8 ? ` and ${names.length - 8} more` : '');
