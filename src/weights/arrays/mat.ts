import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import type { Allowance } from '../../allowance.js';
import { RevelaError } from '../../errors.js';
import type { OpenFile } from '../open-file.js';
import { elementsOf, mostDimensions } from '../stored-tensor.js';
import { elementAt, elementTypes, numbersOf } from './mat-elements.js';
import { allowanceOfArrays, fromColumnMajor, type NamedArray } from './named-array.js';

const unpack = promisify(inflate);
const headerLength = 128;
/** Longer files and variables are no parameters of a measure. */
const longest = 2 ** 26;
/** MATLAB allows 63 letters; cells add their numbers. */
const longestName = 127;
/** Cells within cells. */
const deepest = 8;
/** The classes of cell arrays and of texts; of numbers those from double (6) to 64-bit integers (15). */
const [cellClass, textClass, firstNumeric, lastNumeric] = [1, 4, 6, 15];
const complexFlag = 0x0800;

/**
 * The arrays of a MATLAB file (version 5 to 7: `save` without options or with `-v7`), by the names of their variables;
 * those in a cell array `c` as `c{1}`, `c{2}` …, column by column. Numbers are made double, and brought into row-major
 * order. Texts are the codes of their letters. Structures, sparse and complex arrays are left out.
 *
 * @throws RevelaError if the file is damaged, too large, or of another version
 */
export async function readMat(file: OpenFile): Promise<ReadonlyMap<string, NamedArray>> {
  const damaged = (why: string): RevelaError =>
    new RevelaError(`${file.name} is a damaged MATLAB file: ${why}; copy or download it again`);
  if (file.size > longest)
    throw new RevelaError(`${file.name} has ${file.size} bytes; MATLAB files of at most ${longest} are read`);
  const bytes = new Uint8Array(await file.read(0, file.size));
  if (bytes.length < headerLength) throw damaged('it ends within its header');
  const little = bytes[126] === 0x49;
  const reading = { little, arrays: new Map<string, NamedArray>(), allowance: allowanceOfArrays(file.name) };
  try {
    for (let at = headerLength; at + 8 <= bytes.length; ) {
      const element = elementAt(bytes, at, little);
      at = element.end;
      if (element.type === elementTypes.compressed) {
        const plain = await unpack(element.bytes, { maxOutputLength: longest });
        reading.allowance.hold(plain.length);
        const inner = elementAt(plain, 0, little);
        if (inner.type === elementTypes.matrix) addVariable(reading, inner.bytes, undefined, 0);
      } else if (element.type === elementTypes.matrix) {
        addVariable(reading, element.bytes, undefined, 0);
      }
    }
  } catch (error) {
    if (error instanceof RevelaError) throw error;
    if (error instanceof RangeError || (error instanceof Error && 'code' in error))
      throw damaged(error.message);
    throw error;
  }
  return reading.arrays;
}

/** Whether the first bytes are those of a MATLAB file of version 5 to 7. */
export function isMat(start: Uint8Array): boolean {
  return String.fromCharCode(...start.subarray(0, 19)) === 'MATLAB 5.0 MAT-file';
}

/** Whether they are those of version 7.3, which is another format (HDF5). */
export function isMat73(start: Uint8Array): boolean {
  return String.fromCharCode(...start.subarray(0, 19)) === 'MATLAB 7.3 MAT-file';
}

/** A file being read: its byte order, what was found, and what it may still cost. */
interface Reading {
  readonly little: boolean;
  readonly arrays: Map<string, NamedArray>;
  readonly allowance: Allowance;
}

/**
 * Adds the array of a matrix element: its flags, its size, its name, then its numbers or its cells.
 *
 * @param givenName the name of a cell, which has none of its own
 */
function addVariable(
  reading: Reading,
  bytes: Uint8Array,
  givenName: string | undefined,
  depth: number,
): void {
  const { little, arrays, allowance } = reading;
  allowance.spend(1);
  if (bytes.length === 0) return;
  const flags = elementAt(bytes, 0, little);
  const size = elementAt(bytes, flags.end, little);
  const label = elementAt(bytes, size.end, little);
  if (label.bytes.length > longestName) throw new RangeError(`a name has ${label.bytes.length} letters`);
  const flag = numbersOf(flags, little, 2)[0] ?? 0;
  const shape = [...numbersOf(size, little, mostDimensions)];
  const name = givenName ?? new TextDecoder('latin1').decode(label.bytes);
  const kind = flag & 0xff;
  if (shape.some((side) => side < 0)) throw new RangeError(`${name} has the size ${shape.join('×')}`);
  if (kind === cellClass) {
    if (depth === deepest) throw new RangeError(`cells are nested deeper than ${deepest}`);
    for (let at = label.end, i = 1; at + 8 <= bytes.length; i++) {
      const cell = elementAt(bytes, at, little);
      at = cell.end;
      addVariable(reading, cell.bytes, `${name}{${i}}`, depth + 1);
    }
    return;
  }
  const isNumeric = kind >= firstNumeric && kind <= lastNumeric;
  if (!(isNumeric || kind === textClass) || (flag & complexFlag) !== 0) return;
  const elements = elementsOf(shape);
  allowance.hold(2 * Float64Array.BYTES_PER_ELEMENT * elements);
  const data =
    elements === 0 ? new Float64Array() : numbersOf(elementAt(bytes, label.end, little), little, elements);
  if (data.length !== elements)
    throw new RangeError(`${name} of ${shape.join('×')} has ${data.length} numbers`);
  arrays.set(name, { shape, data: fromColumnMajor(data, shape) });
}
