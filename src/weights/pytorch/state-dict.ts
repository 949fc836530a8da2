import { RevelaError } from '../../errors.js';
import { shown } from '../../printable.js';
import { PickleDict, PickleList, PickleObject, PickleTuple, type PickleValue } from './pickle-values.js';
import { TensorReference } from './tensor-reference.js';
import { type Work, workOn } from './work.js';

/** One state dict of a checkpoint, and what lay around it. */
export interface StateDict {
  readonly tensors: ReadonlyMap<string, TensorReference>;
  /** Keys that led to it, from the outside; none where the file is the state dict. */
  readonly wrapper: readonly string[];
  /** Plain values that lay beside it, such as an epoch, as text. */
  readonly facts: Readonly<Record<string, string>>;
}

const deepestWrapper = 6;
const deepestModule = 64;
const mostTensors = 100_000;
const mostFacts = 64;
const longestFact = 1000;
const longestSequence = 64;
const mostDicts = 1000;

/** What an optimiser or a schedule keeps has tensors too, but none of a network. */
const isOfTraining = (key: string): boolean => /optim|sched|scaler/i.test(key);

/**
 * All state dicts in what a checkpoint's pickle holds, at most six levels deep: dicts that have tensors by name, and
 * modules of TorchScript, whose tensors get the paths of their attributes.
 *
 * @param file what errors call it
 * @throws RevelaError if there is none
 */
export function stateDictsOf(root: PickleValue, file: string): readonly [StateDict, ...StateDict[]] {
  const work = workOn(file);
  const found: StateDict[] = [];
  const seen = new Set<PickleValue>();
  const visit = (value: PickleValue, { wrapper, facts }: Omit<StateDict, 'tensors'>): void => {
    work.spend(1);
    if (wrapper.length > deepestWrapper || seen.has(value)) return;
    seen.add(value);
    const isModule = value instanceof PickleObject && value.isModule;
    const tensors = isModule ? moduleTensors(value, file, work) : tensorsOf(value, file);
    if (tensors.size > 0) found.push({ tensors, wrapper, facts });
    if (found.length > mostDicts)
      throw new RevelaError(`${file} holds more than ${mostDicts} state dicts; save the wanted one alone`);
    if (isModule) return;
    const around = { ...facts, ...plainFacts(value) };
    for (const [key, inner] of namedValues(value))
      if (!isOfTraining(key)) visit(inner, { wrapper: [...wrapper, key], facts: around });
  };
  visit(root, { wrapper: [], facts: {} });
  const [first, ...others] = found;
  if (first !== undefined) return [first, ...others];
  if (root instanceof PickleObject && root.isModule)
    throw new RevelaError(`${file} holds a module without tensors; give a file with weights`);
  throw new RevelaError(
    `${file} holds no state dict: expected tensors by name, at most under a key such as state_dict or params, ` +
      `got ${describe(root)}; save model.state_dict()`,
  );
}

/** What a container holds, by name; the items of a short list or tuple by their number. */
function namedValues(value: PickleValue): readonly (readonly [string, PickleValue])[] {
  if (value instanceof PickleObject) return namedValues(value.state);
  if (value instanceof PickleDict)
    return [...value.entries].flatMap(([key, inner]) =>
      typeof key === 'string' || typeof key === 'number' ? [[String(key), inner] as const] : [],
    );
  if (!(value instanceof PickleList || value instanceof PickleTuple)) return [];
  return value.items.length > longestSequence ? [] : value.items.map((item, i) => [String(i), item]);
}

function tensorsOf(value: PickleValue, file: string): ReadonlyMap<string, TensorReference> {
  const tensors = new Map<string, TensorReference>();
  if (!(value instanceof PickleDict)) return tensors;
  for (const [key, inner] of value.entries) {
    if (typeof key === 'string' && inner instanceof TensorReference) tensors.set(key, inner);
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
  return limited(tensors, file);
}

function limited<Entries extends ReadonlyMap<string, unknown>>(tensors: Entries, file: string): Entries {
  if (tensors.size <= mostTensors) return tensors;
  throw new RevelaError(`${file} has ${tensors.size} tensors, at most ${mostTensors} are read; split it`);
}

/** Numbers and short texts under names; the first few, so that a file cannot fill memory with them. */
function plainFacts(dict: PickleValue): Record<string, string> {
  if (!(dict instanceof PickleDict)) return {};
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
