import type { Allowance } from '../../allowance.js';
import { RevelaError } from '../../errors.js';
import { shown } from '../../printable.js';
import type { OpenFile } from '../open-file.js';
import { openZip } from '../pytorch/zip-archive.js';
import { elementsOf, mostDimensions, type StoredDtype, tensorOfBuffer } from '../stored-tensor.js';
import { doublesOf } from './doubles.js';
import { allowanceOfArrays, fromColumnMajor, type NamedArray } from './named-array.js';

const magic = '\x93NUMPY';

/** How numpy calls the kinds of numbers, apart from the byte order; half precision is not among what is read. */
const dtypes: ReadonlyMap<string, StoredDtype> = new Map([
  ['f8', 'F64'],
  ['f4', 'F32'],
  ['i8', 'I64'],
  ['i4', 'I32'],
  ['i2', 'I16'],
  ['i1', 'I8'],
  ['u8', 'U64'],
  ['u4', 'U32'],
  ['u2', 'U16'],
  ['u1', 'U8'],
  ['b1', 'BOOL'],
]);

/**
 * The arrays of a NumPy archive (`np.savez`, compressed or not), by their names in it. Entries that are no arrays of
 * numbers, such as pickled objects, are refused: nothing is executed.
 *
 * @throws RevelaError if the archive or an array is damaged, too large, or holds something else than numbers
 */
export async function readNpz(file: OpenFile): Promise<ReadonlyMap<string, NamedArray>> {
  const archive = await openZip(file);
  const allowance = allowanceOfArrays(file.name);
  const entries = [...archive.lengths].filter(([entry]) => entry.endsWith('.npy'));
  for (const [, length] of entries) allowance.hold(length);
  const arrays = new Map<string, NamedArray>();
  for (const [entry, length] of entries) {
    const bytes = new Uint8Array(await archive.read(entry, length));
    const array = decodeNpy(bytes, `${file.name}: ${shown(entry)}`, allowance);
    arrays.set(entry.slice(0, -'.npy'.length), array);
  }
  return arrays;
}

/** An array as `np.save` writes it: a line of Python that says what it is, then its numbers. */
function decodeNpy(bytes: Uint8Array, name: string, allowance: Allowance): NamedArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (from: number, to: number): string =>
    String.fromCharCode(...bytes.subarray(from, Math.min(to, from + 4096)));
  if (bytes.length < 12 || text(0, magic.length) !== magic)
    throw new RevelaError(`${name} is no NumPy array; save the file again with np.savez`);
  const [prefix, headerLength] =
    bytes[6] === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  const header = text(prefix, prefix + headerLength);
  const descr = /'descr':\s*'([<>|=])([a-z]\d+)'/.exec(header);
  const dtype = dtypes.get(descr?.[2] ?? '');
  const order = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const sizes = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  if (dtype === undefined || order === undefined || sizes === undefined || descr?.[1] === '>')
    throw new RevelaError(
      `${name} holds no little-endian numbers of 8 to 64 bits; save it again as float64 with np.savez`,
    );
  const shape = sizes
    .split(',')
    .filter((size) => size.trim() !== '')
    .map(Number);
  if (shape.length > mostDimensions) throw new RevelaError(`${name} has ${shape.length} dimensions`);
  const body = bytes.slice(prefix + headerLength);
  const elements = elementsOf(shape);
  const expected = elements * Number(descr?.[2]?.slice(1));
  if (body.length !== expected)
    throw new RevelaError(
      `${name} should have ${expected} bytes of numbers and has ${body.length}; copy the file again`,
    );
  allowance.hold(elements * Float64Array.BYTES_PER_ELEMENT);
  const data = doublesOf(tensorOfBuffer(dtype, shape, body.buffer));
  return { shape, data: order === 'True' ? fromColumnMajor(data, shape) : data };
}
