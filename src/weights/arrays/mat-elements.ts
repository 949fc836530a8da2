/** A piece of a MAT-file: what kind of bytes, and which. */
export interface MatElement {
  readonly type: number;
  readonly bytes: Uint8Array;
  /** Where the next one begins, from the start of the bytes that this one was read from. */
  readonly end: number;
}

/** The kinds of elements that hold other ones. */
export const elementTypes = { matrix: 14, compressed: 15 } as const;

/** Bytes per number of the kinds of elements that hold numbers, and how to read one. */
const readers: ReadonlyMap<
  number,
  { size: number; read: (view: DataView, at: number, little: boolean) => number }
> = new Map([
  [1, { size: 1, read: (view, at) => view.getInt8(at) }],
  [2, { size: 1, read: (view, at) => view.getUint8(at) }],
  [3, { size: 2, read: (view, at, little) => view.getInt16(at, little) }],
  [4, { size: 2, read: (view, at, little) => view.getUint16(at, little) }],
  [5, { size: 4, read: (view, at, little) => view.getInt32(at, little) }],
  [6, { size: 4, read: (view, at, little) => view.getUint32(at, little) }],
  [7, { size: 4, read: (view, at, little) => view.getFloat32(at, little) }],
  [9, { size: 8, read: (view, at, little) => view.getFloat64(at, little) }],
  [12, { size: 8, read: (view, at, little) => Number(view.getBigInt64(at, little)) }],
  // Letters, in UTF-8 and UTF-16.
  [16, { size: 1, read: (view, at) => view.getUint8(at) }],
  [17, { size: 2, read: (view, at, little) => view.getUint16(at, little) }],
  [13, { size: 8, read: (view, at, little) => Number(view.getBigUint64(at, little)) }],
]);

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * The element at a place. Its tag says its kind and length in 4 bytes each, or in 2 each where its up to 4 bytes of
 * content fit into the tag; elements end at multiples of 8 bytes, except compressed ones.
 *
 * @throws RangeError if the bytes end within it
 */
export function elementAt(bytes: Uint8Array, at: number, little: boolean): MatElement {
  const view = viewOf(bytes);
  const first = view.getUint32(at, little);
  const short = first >>> 16;
  const [type, length, start] =
    short > 0 ? [first & 0xffff, short, at + 4] : [first, view.getUint32(at + 4, little), at + 8];
  const end = start + length;
  if (end > bytes.length || (short > 0 && short > 4))
    throw new RangeError(`an element of ${length} bytes at ${at} goes beyond the end`);
  const padded = short > 0 ? at + 8 : type === elementTypes.compressed ? end : Math.ceil(end / 8) * 8;
  return { type, bytes: bytes.subarray(start, end), end: Math.min(padded, bytes.length) };
}

/**
 * The numbers of an element.
 *
 * @param most more than so many are refused before they are made
 * @throws RangeError if it holds something else, or too many
 */
export function numbersOf({ type, bytes }: MatElement, little: boolean, most: number): Float64Array {
  const reader = readers.get(type);
  if (reader === undefined || bytes.length % reader.size !== 0)
    throw new RangeError(`an element of type ${type} and ${bytes.length} bytes holds no numbers`);
  if (bytes.length / reader.size > most)
    throw new RangeError(`there are ${bytes.length / reader.size} numbers where at most ${most} belong`);
  const view = viewOf(bytes);
  return Float64Array.from({ length: bytes.length / reader.size }, (_, i) =>
    reader.read(view, i * reader.size, little),
  );
}
