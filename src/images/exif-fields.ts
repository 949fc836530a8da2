import type { ExifField } from '../pixels/index.js';

/** Fields to be written: `valueAt` and `from` are of fields that were read. */
const made = { valueAt: 0, from: 0 } as const;

/** A field of short numbers. */
export function shorts(values: readonly number[]): ExifField {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt16LE(value, 2 * i);
  return { type: 3, count: values.length, bytes, ...made };
}

/** A field of long numbers. */
export function longs(values: readonly number[]): ExifField {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt32LE(value, 4 * i);
  return { type: 4, count: values.length, bytes, ...made };
}

/** A field of fractions; values from 0 to 2³² - 1. */
export function rationals(values: readonly number[]): ExifField {
  const bytes = Buffer.alloc(8 * values.length);
  for (const [i, value] of values.entries()) {
    const denominator = value < 400_000 ? 10_000 : 1;
    bytes.writeUInt32LE(Math.round(value * denominator), 8 * i);
    bytes.writeUInt32LE(denominator, 8 * i + 4);
  }
  return { type: 5, count: values.length, bytes, ...made };
}

/** A field of bytes that only programs know. */
export function undefinedBytes(bytes: Uint8Array): ExifField {
  return { type: 7, count: bytes.length, bytes, ...made };
}

/** A field of numbers in double precision. */
export function doubles(values: readonly number[]): ExifField {
  const bytes = Buffer.alloc(8 * values.length);
  for (const [i, value] of values.entries()) bytes.writeDoubleLE(value, 8 * i);
  return { type: 12, count: values.length, bytes, ...made };
}

/** The numbers of a field; none for texts and bytes. */
export function numbersOf({ type, count, bytes }: ExifField): readonly number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = (i: number): number => {
    if (type === 3) return view.getUint16(2 * i, true);
    if (type === 4) return view.getUint32(4 * i, true);
    if (type === 5) return view.getUint32(8 * i, true) / view.getUint32(8 * i + 4, true);
    if (type === 10) return view.getInt32(8 * i, true) / view.getInt32(8 * i + 4, true);
    if (type === 11) return view.getFloat32(4 * i, true);
    return view.getFloat64(8 * i, true);
  };
  return [3, 4, 5, 10, 11, 12].includes(type) ? Array.from({ length: count }, (_, i) => read(i)) : [];
}
