import { RevelaError } from '../errors.js';
import { fileOfBytes, type OpenFile, withOpenFile } from './open-file.js';
import { wrappingPrefix } from './prefixes.js';
import type { PytorchFormat } from './pytorch/checkpoint.js';
import { openLegacyCheckpoint } from './pytorch/legacy-checkpoint.js';
import { findStateDict } from './pytorch/state-dict.js';
import { readTensors } from './pytorch/storages.js';
import { openZipCheckpoint } from './pytorch/zip-checkpoint.js';
import { readHeader, readOpenSafetensors } from './safetensors.js';
import type { StoredDtype, StoredTensor } from './stored-tensor.js';

/** The kinds of weights files, told apart by their first bytes, whatever they are called. */
export type WeightsFormat = 'safetensors' | PytorchFormat;

/** A weights file without its numbers. */
export interface WeightsHeader {
  readonly format: WeightsFormat;
  /** By state-dict key, in the order of the file. */
  readonly tensors: ReadonlyMap<string, { readonly dtype: StoredDtype; readonly shape: readonly number[] }>;
  /** What the file says of itself; of a PyTorch checkpoint the plain values beside the state dict, such as `epoch`. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Keys under which the state dict lay, from the outside: `['params_ema']`. */
  readonly wrapper: readonly string[];
  /** What stood before every key and was taken off: `module.`; empty if nothing. */
  readonly prefix: string;
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
  readonly recognises?: (shapes: Readonly<Record<string, readonly number[]>>) => boolean;
}

/**
 * Reads weights: safetensors, or a PyTorch checkpoint (since 1.6, before it, or TorchScript). Pickles are not executed:
 * names other than those that rebuild tensors and plain containers are refused. Numbers are not looked at: see
 * `assertFinite`.
 *
 * @param source a path, or the bytes of a file
 * @throws RevelaError, one line, if the file is missing, cannot be read, is empty, truncated, damaged, of another kind,
 *   has no state dict, would take far more memory than its size, or wants something executed
 *
 * @example
 * const { tensors, wrapper, prefix } = await readWeightsFile('net_g_latest.pth');
 * // wrapper ['params_ema'], prefix 'module.'
 */
export async function readWeightsFile(
  source: string | Uint8Array,
  reading: WeightsReading = {},
): Promise<WeightsFile> {
  return withSource(source, async (file) => {
    const format = await formatOf(file);
    if (format === undefined) throw await unknownKind(file);
    if (format === 'safetensors') {
      const content = await readOpenSafetensors(file);
      return unwrapped({ format, wrapper: [], ...content }, reading);
    }
    const { tensors, readStorage, header } = await openCheckpoint(file, format);
    return unwrapped({ ...header, tensors: await readTensors(tensors, readStorage, file) }, reading);
  });
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
  return withSource(source, async (file) => {
    const format = await formatOf(file);
    if (format === undefined) throw await unknownKind(file);
    if (format === 'safetensors')
      return unwrapped({ format, wrapper: [], ...(await readHeader(file)) }, reading);
    const { tensors, header } = await openCheckpoint(file, format);
    return unwrapped({ ...header, tensors }, reading);
  });
}

/**
 * Whether the first bytes of a file are those of weights, whatever it is called.
 *
 * @throws RevelaError if it cannot be read
 *
 * @example
 * if (await isWeightsFile(path)) console.log(await describeWeights(path));
 */
export async function isWeightsFile(path: string): Promise<boolean> {
  return withOpenFile(path, async (file) => (await formatOf(file)) !== undefined);
}

function withSource<Result>(
  source: string | Uint8Array,
  use: (file: OpenFile) => Promise<Result>,
): Promise<Result> {
  return typeof source === 'string' ? withOpenFile(source, use) : use(fileOfBytes(source, 'the weights'));
}

async function formatOf(file: OpenFile): Promise<'safetensors' | 'zip' | 'pickle' | undefined> {
  const start = new Uint8Array(await file.read(0, Math.min(file.size, 9)));
  // A header's length comes first, then the header, which is JSON.
  if (start[8] === 0x7b && start[6] === 0 && start[7] === 0) return 'safetensors';
  if (start[0] === 0x50 && start[1] === 0x4b && start[2] === 3 && start[3] === 4) return 'zip';
  // PROTO and the number of a protocol, with which every pickle since protocol 2 begins.
  if (start[0] === 0x80 && (start[1] ?? 9) <= 5) return 'pickle';
  return undefined;
}

async function unknownKind(file: OpenFile): Promise<RevelaError> {
  if (file.size === 0) return new RevelaError(`${file.name} is empty (0 bytes); copy or download it again`);
  const isTar = file.size > 262 && new TextDecoder().decode(await file.read(257, 5)) === 'ustar';
  return new RevelaError(
    isTar
      ? `${file.name} is a TAR archive, as PyTorch wrote before version 0.1.10; load and save it with a newer PyTorch`
      : `${file.name} holds no weights: it is neither a safetensors file nor a PyTorch checkpoint (.pth, .pt, .ckpt)`,
  );
}

async function openCheckpoint(file: OpenFile, kind: 'zip' | 'pickle') {
  const { format, value, readStorage } =
    kind === 'zip' ? await openZipCheckpoint(file) : await openLegacyCheckpoint(file);
  const { tensors, wrapper, facts } = findStateDict(value, file.name);
  return { tensors, readStorage, header: { format, wrapper, metadata: facts } };
}

/** Takes the prefix off that does not belong to the network. */
function unwrapped<Tensor extends { readonly shape: readonly number[] }>(
  file: Omit<WeightsHeader, 'tensors' | 'prefix'> & { readonly tensors: ReadonlyMap<string, Tensor> },
  { recognises = () => false }: WeightsReading,
) {
  const { tensors } = file;
  const keys = [...tensors.keys()];
  const prefix = wrappingPrefix(keys, (candidate) =>
    recognises(
      Object.fromEntries([...tensors].map(([key, { shape }]) => [key.slice(candidate.length), shape])),
    ),
  );
  if (prefix === '') return { ...file, prefix };
  return {
    ...file,
    tensors: new Map([...tensors].map(([key, tensor]) => [key.slice(prefix.length), tensor])),
    prefix,
  };
}
