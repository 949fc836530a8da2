import { RevelaError } from '../../errors.js';
import { PickleDict, PickleObject, type PickleValue } from './pickle-values.js';
import { shown } from '../../printable.js';
import { TensorReference } from './tensor-reference.js';
import { type Work, workOn } from './work.js';

/** The state dict of a checkpoint, and what lay around it. */
export interface StateDict {
  readonly tensors: ReadonlyMap<string, TensorReference>;
  /** Keys that led to it, from the outside; none where the file is the state dict. */
  readonly wrapper: readonly string[];
  /** Plain values that lay beside it, such as an epoch, as text. */
  readonly facts: Readonly<Record<string, string>>;
}

/** Keys under which programs keep a state dict, the best first: averaged weights are meant for use. */
const wrappers = [
  'params_ema',
  'ema_state_dict',
  'state_dict_ema',
  'params',
  'state_dict',
  'model_state_dict',
  'model_weight',
  'model',
  'net',
  'network',
  'generator',
  'weights',
];
const deepestWrapper = 6;
const deepestModule = 64;
const mostTensors = 100_000;
const mostFacts = 64;
const longestFact = 1000;

/**
 * Finds the state dict in what a checkpoint's pickle holds: the dict itself, one under a key that programs use for it,
 * the only one there is, or, for a TorchScript module, its tensors by the paths of their attributes.
 *
 * @param file what errors call it
 * @throws RevelaError if there is none, or several among which nothing decides
 */
export function findStateDict(root: PickleValue, file: string): StateDict {
  const work = workOn(file);
  const wrapper: string[] = [];
  let facts: Readonly<Record<string, string>> = {};
  let value = root;
  for (let depth = 0; depth <= deepestWrapper; depth++) {
    if (value instanceof PickleObject) return { tensors: moduleTensors(value, file, work), wrapper, facts };
    if (!(value instanceof PickleDict)) break;
    const inner = innerDict(value, file, work);
    if (inner === undefined) {
      const tensors = tensorsOf(value, file);
      if (tensors.size === 0) break;
      return { tensors, wrapper, facts };
    }
    facts = { ...facts, ...plainFacts(value) };
    wrapper.push(inner.key);
    value = inner.value;
  }
  throw new RevelaError(
    `${file} holds no state dict: expected tensors by name, at most under a key such as state_dict or params, ` +
      `got ${describe(root)}; save model.state_dict()`,
  );
}

interface Inner {
  readonly key: string;
  readonly value: PickleDict | PickleObject;
}

/** The dict inside of another one that its tensors are to be looked for in; undefined where they are in this one. */
function innerDict(dict: PickleDict, file: string, work: Work): Inner | undefined {
  const inner = new Map<string, PickleDict | PickleObject>();
  let hasTensors = false;
  for (const [key, value] of dict.entries) {
    if (value instanceof TensorReference) hasTensors = true;
    else if (typeof key === 'string' && isContainer(value) && holdsTensors(value, work))
      inner.set(key, value);
  }
  for (const key of wrappers) {
    const value = inner.get(key);
    if (value !== undefined) return { key, value };
  }
  if (hasTensors || inner.size === 0) return undefined;
  const [first, ...others] = [...inner].filter(([key]) => !/optim|sched/i.test(key));
  if (first === undefined) return undefined;
  if (others.length === 0) return { key: first[0], value: first[1] };
  throw new RevelaError(
    `${file} holds several state dicts (${[...inner.keys()].slice(0, 5).map(shown).join(', ')}); save the wanted one in a file of its own`,
  );
}

function isContainer(value: PickleValue): value is PickleDict | PickleObject {
  return value instanceof PickleDict || value instanceof PickleObject;
}

/** Whether a container has tensors, at most as deep below as wrappers are looked into. */
function holdsTensors(value: PickleDict | PickleObject, work: Work): boolean {
  const seen = new Set<PickleValue>();
  let level: PickleValue[] = [value];
  for (let depth = 0; depth <= deepestWrapper && level.length > 0; depth++) {
    const next: PickleValue[] = [];
    for (const item of level) {
      work.spend(1);
      if (item instanceof TensorReference) return true;
      if (!isContainer(item) || seen.has(item)) continue;
      seen.add(item);
      if (item instanceof PickleObject) next.push(item.state);
      else for (const below of item.entries.values()) next.push(below);
    }
    level = next;
  }
  return false;
}

function tensorsOf(dict: PickleDict, file: string): ReadonlyMap<string, TensorReference> {
  const tensors = new Map<string, TensorReference>();
  for (const [key, value] of dict.entries) {
    if (typeof key === 'string' && value instanceof TensorReference) tensors.set(key, value);
  }
  return limited(tensors, file);
}

/** The tensors of a module and of the modules in it: `visual.conv1.weight`. */
function moduleTensors(root: PickleObject, file: string, work: Work): ReadonlyMap<string, TensorReference> {
  const tensors = new Map<string, TensorReference>();
  let modules = 0;
  const visit = ({ state }: PickleObject, prefix: string, depth: number): void => {
    modules++;
    if (depth > deepestModule || modules > mostTensors)
      throw new RevelaError(
        `${file} is damaged: its modules lie more than ${deepestModule} deep or are more than ${mostTensors}; copy or download it again`,
      );
    if (!(state instanceof PickleDict)) return;
    work.spend(state.entries.size);
    for (const [key, value] of state.entries) {
      if (typeof key !== 'string') continue;
      if (value instanceof TensorReference) tensors.set(`${prefix}${key}`, value);
      else if (value instanceof PickleObject) visit(value, `${prefix}${key}.`, depth + 1);
    }
  };
  visit(root, '', 0);
  if (tensors.size === 0)
    throw new RevelaError(`${file} holds a module without tensors; give a file with weights`);
  return limited(tensors, file);
}

function limited<Entries extends ReadonlyMap<string, unknown>>(tensors: Entries, file: string): Entries {
  if (tensors.size <= mostTensors) return tensors;
  throw new RevelaError(`${file} has ${tensors.size} tensors, at most ${mostTensors} are read; split it`);
}

/** Numbers and short texts under names; the first few, so that a file cannot fill memory with them. */
function plainFacts(dict: PickleDict): Record<string, string> {
  const facts = [...dict.entries].flatMap(([key, value]): [string, string][] => {
    const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    if (typeof key !== 'string' || !plain || key.length > longestFact) return [];
    const text = String(value);
    return text.length > longestFact ? [] : [[key, text]];
  });
  return Object.fromEntries(facts.slice(0, mostFacts));
}

function describe(value: PickleValue): string {
  if (value instanceof TensorReference) return 'a single tensor';
  if (value instanceof PickleDict) {
    const keys = [...value.entries.keys()]
      .slice(0, 3)
      .map((key) => shown(String(typeof key === 'object' ? '?' : key)));
    return `a dict of ${value.entries.size === 0 ? 'nothing' : keys.join(', ')}${value.entries.size > 3 ? ', …' : ''}`;
  }
  return typeof value === 'object' && value !== null ? `a ${value.kind}` : `a ${typeof value}`;
}
