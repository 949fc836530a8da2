import { RevelaError, withFacts } from '../errors.js';
import { present } from '../present.js';
import { type Choosing, chooseStateDict } from './choose-state-dict.js';
import { fileKindOf, otherKind, unknownKind } from './file-kind.js';
import { fileOfBytes, type OpenFile, withOpenFile } from './open-file.js';
import { partsBeside, partsOfIndex } from './parts.js';
import type { PytorchFormat } from './pytorch/checkpoint.js';
import { openLegacyCheckpoint } from './pytorch/legacy-checkpoint.js';
import { stateDictsOf } from './pytorch/state-dict.js';
import { readTensors } from './pytorch/storages.js';
import { openZipCheckpoint } from './pytorch/zip-checkpoint.js';
import { readHeader } from './safetensors.js';
import { type StoredDtype, type StoredTensor, tensorOfBuffer } from './stored-tensor.js';

/** The kinds of weights files, told apart by their first bytes, whatever they are called. */
export type WeightsFormat = 'safetensors' | PytorchFormat;

interface TensorFacts {
  readonly dtype: StoredDtype;
  readonly shape: readonly number[];
}

/** A weights file without its numbers. */
export interface WeightsHeader {
  readonly format: WeightsFormat;
  /** By state-dict key, in the order of the file. */
  readonly tensors: ReadonlyMap<string, TensorFacts>;
  /** What the file says of itself; of a PyTorch checkpoint the plain values beside the state dict, such as `epoch`. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Keys under which the state dict lay, from the outside: `['params_ema']`. */
  readonly wrapper: readonly string[];
  /** What stood before every key and was taken off: `module.`; empty if nothing. */
  readonly prefix: string;
  /** Other state dicts of the file, as `key` takes them. */
  readonly others: readonly string[];
  /** How many files the weights are cut into; left out where it is one. */
  readonly parts?: number;
}

/** A weights file with its numbers; every tensor has memory of its own and lies in row-major order. */
export interface WeightsFile extends WeightsHeader {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

/** Options of reading weights. */
export interface WeightsReading {
  /**
   * Whether these are the tensors of a network that the caller knows, so that a prefix that leads to it is taken off,
   * whatever it is. Default: none is known, and only prefixes that are known to be wrappers' are taken off.
   */
  readonly recognises?: Choosing['recognises'];
  /**
   * Which state dict to take, where there are several: `params`, `state_dict.generator`. Default: that of a network that
   * is known, averaged weights before others.
   */
  readonly key?: string | undefined;
}

/** A dict of tensors in a file, whose numbers can be read. */
interface Dict extends Pick<WeightsHeader, 'format' | 'tensors' | 'metadata' | 'wrapper'> {
  /** The tensors of these names. */
  read(names: readonly string[]): Promise<ReadonlyMap<string, StoredTensor>>;
  readonly parts?: number;
}
type Dicts = readonly [Dict, ...Dict[]];

/**
 * Reads weights: safetensors, also several files of one network, or a PyTorch checkpoint (since 1.6, before it, or
 * TorchScript). Pickles are not executed: names other than those that rebuild tensors and plain containers are refused.
 * Numbers are not looked at: see `assertFinite`.
 *
 * @param source a path, or the bytes of a file
 * @throws RevelaError, one line, if the file is missing, cannot be read, is empty, truncated, damaged, of another kind,
 *   has no state dict or several that nothing decides among, would take far more memory than its size, or wants
 *   something executed
 *
 * @example
 * const { tensors, wrapper, prefix } = await readWeightsFile('net_g_latest.pth');
 * // wrapper ['params_ema'], prefix 'module.'
 */
export async function readWeightsFile(
  source: string | Uint8Array,
  reading: WeightsReading = {},
): Promise<WeightsFile> {
  return withDicts(source, async (dicts, file) => {
    const { dict, header, names } = chosen(dicts, file, reading);
    const tensors = await dict.read([...names.values()]);
    return { ...header, tensors: renamed(names, tensors) };
  }).catch(ofWeights(source));
}

/**
 * Reads what {@link readWeightsFile} does except for the numbers: whatever the size of the file, only a few MiB of it.
 *
 * @throws RevelaError as `readWeightsFile`
 *
 * @example
 * const { format, tensors } = await readWeightsHeader('ViT-B-32.pt');
 */
export async function readWeightsHeader(
  source: string | Uint8Array,
  reading: WeightsReading = {},
): Promise<WeightsHeader> {
  return withDicts(source, async (dicts, file) => chosen(dicts, file, reading).header).catch(
    ofWeights(source),
  );
}

/** Fails as the reading of weights did, and says that it is about weights. */
const ofWeights =
  (source: string | Uint8Array) =>
  (error: unknown): never => {
    const path = typeof source === 'string' ? { path: source } : {};
    throw withFacts(error, { code: 'ERR_WEIGHTS', ...path });
  };

/**
 * Whether the first bytes of a file are those of weights, whatever it is called.
 *
 * @throws RevelaError if it cannot be read
 *
 * @example
 * if (await isWeightsFile(path)) console.log(await describeWeights(path));
 */
export async function isWeightsFile(path: string): Promise<boolean> {
  return withOpenFile(path, async (file) => (await fileKindOf(file)) !== undefined);
}

/**
 * The error of a file that holds weights for other programs, or something in place of weights (GGUF, HDF5, a pointer of Git
 * LFS, an archive), as reading it would throw it; undefined where nothing of that kind shows.
 *
 * @throws RevelaError if it cannot be read
 *
 * @example
 * await foreignWeights('llm.gguf'); // RevelaError: llm.gguf is a GGUF file, as llama.cpp and ComfyUI read; …
 */
export async function foreignWeights(path: string): Promise<RevelaError | undefined> {
  return withOpenFile(path, otherKind);
}

/** The tensors of the state dict that is chosen: their names in the network, and in the file. */
function chosen(dicts: Dicts, file: string, { recognises = () => false, key }: WeightsReading) {
  const [first] = dicts;
  // A checkpoint of one's own run says what it is: its networks, averages and moments belong together.
  const isOwnCheckpoint =
    key === undefined && first.metadata['format']?.startsWith('revela-checkpoint') === true;
  const {
    from: dict,
    prefix,
    others,
  } = isOwnCheckpoint
    ? { from: first, prefix: '', others: [] }
    : chooseStateDict(dicts, { file, recognises, key });
  const inFile = [...dict.tensors.keys()].filter((name) => name.startsWith(prefix));
  const names = new Map(inFile.map((name) => [name.slice(prefix.length), name]));
  const { format, metadata, wrapper, parts } = dict;
  const header: WeightsHeader = {
    ...{ format, metadata, wrapper, prefix, others, tensors: renamed(names, dict.tensors) },
    ...present({ parts }),
  };
  return { dict, header, names };
}

/** Values under other names: `names` maps each to the one that the value has. */
function renamed<Value>(
  names: ReadonlyMap<string, string>,
  values: ReadonlyMap<string, Value>,
): ReadonlyMap<string, Value> {
  const result = new Map<string, Value>();
  for (const [name, before] of names) {
    const value = values.get(before);
    if (value !== undefined) result.set(name, value);
  }
  return result;
}

/** Opens what is to be read, for as long as work on it takes. */
async function withDicts<Result>(
  source: string | Uint8Array,
  use: (dicts: Dicts, file: string) => Promise<Result>,
): Promise<Result> {
  const beside = typeof source === 'string' ? await partsBeside(source) : undefined;
  if (beside !== undefined && typeof source === 'string') return use([await joined(beside, source)], source);
  const open = async (file: OpenFile): Promise<Result> => {
    const kind = await fileKindOf(file);
    if (kind === 'index') {
      if (typeof source !== 'string')
        throw new RevelaError(`${file.name} is a list of parts of weights; give the path of its file`);
      const { paths, names } = await partsOfIndex(file);
      return use([await joined(paths, source, names)], source);
    }
    if (kind === undefined) throw await unknownKind(file);
    return use(await dictsOf(file, kind), file.name);
  };
  return typeof source === 'string' ? withOpenFile(source, open) : open(fileOfBytes(source, 'the weights'));
}

/** The dicts of tensors in one file. */
async function dictsOf(file: OpenFile, kind: 'safetensors' | 'zip' | 'pickle'): Promise<Dicts> {
  if (kind === 'safetensors') {
    const { tensors, metadata } = await readHeader(file);
    const read = async (names: readonly string[]): Promise<ReadonlyMap<string, StoredTensor>> => {
      const numbers = new Map<string, StoredTensor>();
      for (const name of names) {
        const entry = tensors.get(name);
        if (entry === undefined) continue;
        const { dtype, shape, byteOffset, byteLength } = entry;
        numbers.set(name, tensorOfBuffer(dtype, shape, await file.read(byteOffset, byteLength)));
      }
      return numbers;
    };
    return [{ format: kind, tensors, metadata, wrapper: [], read }];
  }
  const { format, value, readStorage } =
    kind === 'zip' ? await openZipCheckpoint(file) : await openLegacyCheckpoint(file);
  const [first, ...more] = stateDictsOf(value, file.name);
  const dictOf = ({ tensors, wrapper, facts }: typeof first): Dict => ({
    ...{ format, tensors, wrapper, metadata: facts },
    read: (names) =>
      readTensors(renamed(new Map(names.map((name) => [name, name])), tensors), readStorage, file),
  });
  return [dictOf(first), ...more.map(dictOf)];
}

/** One dict of the tensors of several files. */
async function joined(
  paths: readonly string[],
  source: string,
  expected?: ReadonlySet<string>,
): Promise<Dict> {
  const [tensors, places] = [new Map<string, TensorFacts>(), new Map<string, string>()];
  let format: WeightsFormat = 'safetensors';
  let metadata: Readonly<Record<string, string>> = {};
  const inPart = <Result>(path: string, use: (dict: Dict) => Promise<Result>): Promise<Result> =>
    withOpenFile(path, async (file) => {
      const kind = await fileKindOf(file);
      if (kind === undefined || kind === 'index') throw await unknownKind(file);
      return use((await dictsOf(file, kind))[0]);
    });
  for (const path of paths)
    await inPart(path, async (dict) => {
      format = dict.format;
      metadata = { ...metadata, ...dict.metadata };
      for (const [name, facts] of dict.tensors) {
        if (tensors.has(name)) throw new RevelaError(`${path} has ${name}, as another part of ${source} has`);
        tensors.set(name, facts);
        places.set(name, path);
      }
    });
  const missing = [...(expected ?? [])].find((name) => !tensors.has(name));
  if (missing !== undefined)
    throw new RevelaError(`${source}: none of its parts has ${missing}; download all of them again`);
  const read = async (names: readonly string[]): Promise<ReadonlyMap<string, StoredTensor>> => {
    const numbers = new Map<string, StoredTensor>();
    for (const path of paths) {
      const here = names.filter((name) => places.get(name) === path);
      for (const [name, tensor] of await inPart(path, (dict) => dict.read(here))) numbers.set(name, tensor);
    }
    return numbers;
  };
  return { format, metadata, wrapper: [], tensors, read, parts: paths.length };
}
