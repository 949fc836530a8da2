import { allowanceFor } from '../allowance.js';
import { RevelaError } from '../errors.js';
import { JsonEntries, type JsonValue, parseJsonEntries } from './json-entries.js';
import { shown } from '../printable.js';
import { truncated } from './truncated.js';
import {
  bytesPerElement,
  elementsOf,
  isStoredDtype,
  mostDimensions,
  type StoredDtype,
} from './stored-tensor.js';

/** Where a tensor lies in a file. */
export interface StoredTensorEntry {
  readonly dtype: StoredDtype;
  readonly shape: readonly number[];
  /** From the start of the file. */
  readonly byteOffset: number;
  readonly byteLength: number;
}

/** What a file says about itself before its numbers come. */
export interface SafetensorsHeader {
  /** By name, in the order of the header. */
  readonly tensors: ReadonlyMap<string, StoredTensorEntry>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Bytes before the header: its length, a little-endian 64-bit number. */
export const prefixLength = 8;
/** The format allows 100 MB; the headers of the largest models have a few MiB. */
export const longestHeader = 32 * 2 ** 20;
/** A tensor makes some fifteen steps: names, values, the numbers of its shape. */
const mostSteps = 1_500_000;
/** The name under which the header keeps the metadata, so that no tensor can have it. */
export const metadataName = '__metadata__';

/**
 * The length of the header, from the first bytes of a file.
 *
 * @param start at least the first 9 bytes, where the file has them
 * @throws RevelaError if this is no safetensors file or the header is not whole
 */
export function headerLength(start: Uint8Array, fileSize: number, name: string): number {
  if (fileSize === 0) throw new RevelaError(`${name} is empty (0 bytes); copy or download it again`);
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const length = start.length > prefixLength ? Number(view.getBigUint64(0, true)) : 0;
  if (start[prefixLength] !== 0x7b /* { */ || length < 2) {
    throw new RevelaError(`${name} is not a safetensors file${otherKind(start)}`);
  }
  if (length > longestHeader) {
    throw new RevelaError(
      `${name} is not a safetensors file: its header would be ${length} bytes long, at most ${longestHeader} are read`,
    );
  }
  if (prefixLength + length > fileSize) throw truncated(name, prefixLength + length, fileSize, 'at least ');
  return length;
}

function otherKind(start: Uint8Array): string {
  if (start[0] === 0x50 && start[1] === 0x4b) return '; it is a ZIP archive, as PyTorch checkpoints are';
  if (start[0] === 0x80 && (start[1] ?? 0) < 6) return '; it looks like an old PyTorch checkpoint (a pickle)';
  return '; give weights that revela or another safetensors writer saved';
}

/**
 * Reads and checks a header. Each byte after it must belong to exactly one tensor.
 *
 * @param bytes the header alone, without its length
 * @throws RevelaError that names the file and the tensor
 */
export function parseHeader(bytes: Uint8Array, fileSize: number, name: string): SafetensorsHeader {
  const damaged = (why: string): RevelaError =>
    new RevelaError(`${name} has a damaged header: ${why}; copy or download it again`);
  const dataStart = prefixLength + bytes.length;
  const tensors = new Map<string, StoredTensorEntry>();
  let metadata: Record<string, string> | undefined;
  for (const [key, value] of entriesOf(parseText(bytes, name, damaged), damaged)) {
    if (tensors.has(key) || (key === metadataName && metadata !== undefined)) {
      throw damaged(`the name ${shown(key)} stands twice`);
    }
    if (key === metadataName) metadata = readMetadata(value, damaged);
    else tensors.set(key, readEntry(key, value, { dataStart, name, damaged }));
  }
  checkLayout(tensors, dataStart, fileSize, name, damaged);
  return { tensors, metadata: metadata ?? {} };
}

type Damaged = (why: string) => RevelaError;

function parseText(bytes: Uint8Array, name: string, damaged: Damaged): JsonValue {
  const allowance = allowanceFor(name, {
    steps: mostSteps,
    bytes: longestHeader,
    kind: 'the header of weights',
    remedy: 'save the weights in several files',
  });
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return parseJsonEntries(text, allowance);
  } catch (error) {
    if (error instanceof SyntaxError) throw damaged(`it is not JSON (${error.message})`);
    if (error instanceof TypeError) throw damaged('it is not UTF-8');
    throw error;
  }
}

function entriesOf(value: JsonValue, damaged: Damaged): JsonEntries['entries'] {
  if (value instanceof JsonEntries) return value.entries;
  throw damaged('it is not a JSON object');
}

function readMetadata(value: JsonValue, damaged: Damaged): Record<string, string> {
  const metadata = new Map<string, string>();
  if (!(value instanceof JsonEntries)) throw damaged(`${metadataName} is not an object`);
  for (const [key, text] of value.entries) {
    if (metadata.has(key)) throw damaged(`the name ${shown(key)} stands twice in ${metadataName}`);
    if (typeof text !== 'string') throw damaged(`${shown(key)} in ${metadataName} is not a string`);
    metadata.set(key, text);
  }
  return Object.fromEntries(metadata);
}

function readEntry(
  key: string,
  value: JsonValue,
  {
    dataStart,
    name,
    damaged,
  }: { readonly dataStart: number; readonly name: string; readonly damaged: Damaged },
): StoredTensorEntry {
  const tensor = `tensor ${shown(key)}`;
  const fields = value instanceof JsonEntries ? new Map(value.entries) : undefined;
  if (fields?.size !== 3 || !(value instanceof JsonEntries) || value.entries.length !== 3) {
    throw damaged(`${tensor} must have exactly dtype, shape and data_offsets`);
  }
  const dtype = fields.get('dtype');
  const shape = wholeNumbers(fields.get('shape'));
  const offsets = wholeNumbers(fields.get('data_offsets'));
  if (typeof dtype !== 'string') throw damaged(`${tensor} has no dtype`);
  if (!isStoredDtype(dtype)) {
    if (/^(?:F[468]_|C64)/.test(dtype))
      throw new RevelaError(
        `${name} holds numbers of the kind ${shown(dtype)}${dtype.startsWith('F8') ? ' (FP8)' : ''}, which is not read; save the weights as float16, bfloat16 or float32`,
      );
    throw damaged(
      `${tensor} has the dtype ${shown(dtype)}; known are ${Object.keys(bytesPerElement).join(', ')}`,
    );
  }
  if (shape === undefined || shape.length > mostDimensions)
    throw damaged(`the shape of ${tensor} is not a list of up to ${mostDimensions} whole numbers`);
  const [begin, end] = offsets ?? [];
  if (begin === undefined || end === undefined || offsets?.length !== 2 || begin > end) {
    throw damaged(`data_offsets of ${tensor} are not a begin and an end`);
  }
  const expected = elementsOf(shape) * bytesPerElement[dtype];
  if (expected !== end - begin) {
    throw damaged(
      `${tensor} of ${dtype} and shape [${shape.join(', ')}] takes ${expected} bytes, its data_offsets give ${end - begin}`,
    );
  }
  return { dtype, shape, byteOffset: dataStart + begin, byteLength: end - begin };
}

function wholeNumbers(value: JsonValue | undefined): readonly number[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.every((item): item is number => Number.isSafeInteger(item) && Number(item) >= 0)
    ? value
    : undefined;
}

/** The tensors, by where they begin, must lie wall to wall from the end of the header to the end of the file. */
function checkLayout(
  tensors: ReadonlyMap<string, StoredTensorEntry>,
  dataStart: number,
  fileSize: number,
  name: string,
  damaged: Damaged,
): void {
  const byPosition = [...tensors].sort(
    ([, a], [, b]) => a.byteOffset - b.byteOffset || a.byteLength - b.byteLength,
  );
  let end = dataStart;
  for (const [key, { byteOffset, byteLength }] of byPosition) {
    if (byteOffset < end) throw damaged(`tensor ${shown(key)} overlaps another one`);
    if (byteOffset > end)
      throw damaged(`there are ${byteOffset - end} unused bytes before tensor ${shown(key)}`);
    end = byteOffset + byteLength;
  }
  if (end > fileSize) throw truncated(name, end, fileSize);
  if (end < fileSize) throw damaged(`${fileSize - end} bytes follow the last tensor`);
}
