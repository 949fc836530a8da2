import type { ExifField } from '../pixels/index.js';

/** Fields to be written: `valueAt` and `from` are of fields that were read. */
const made = { valueAt: 0, from: 0 } as const;

const field = (type: number, count: number, { buffer }: DataView): ExifField => ({
  ...{ type, count, ...made },
  bytes: new Uint8Array(buffer),
});

/** A field of short numbers. */
export function shorts(values: readonly number[]): ExifField {
  const view = new DataView(new ArrayBuffer(2 * values.length));
  for (const [i, value] of values.entries()) view.setUint16(2 * i, value, true);
  return field(3, values.length, view);
}

/** A field of long numbers. */
export function longs(values: readonly number[]): ExifField {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  for (const [i, value] of values.entries()) view.setUint32(4 * i, value, true);
  return field(4, values.length, view);
}

/** A field of fractions; values from 0 to 2³² - 1. */
export function rationals(values: readonly number[]): ExifField {
  const view = new DataView(new ArrayBuffer(8 * values.length));
  for (const [i, value] of values.entries()) {
    const denominator = value < 400_000 ? 10_000 : 1;
    view.setUint32(8 * i, Math.round(value * denominator), true);
    view.setUint32(8 * i + 4, denominator, true);
  }
  return field(5, values.length, view);
}

/** A field of bytes that only programs know. */
export function undefinedBytes(bytes: Uint8Array): ExifField {
  return { type: 7, count: bytes.length, bytes, ...made };
}

/** A field of numbers in double precision. */
export function doubles(values: readonly number[]): ExifField {
  const view = new DataView(new ArrayBuffer(8 * values.length));
  for (const [i, value] of values.entries()) view.setFloat64(8 * i, value, true);
  return field(12, values.length, view);
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
