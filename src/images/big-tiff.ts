import { type ExifDirectory, pointerTags, serializeExif } from './exif-directory.js';
import type { ExifField } from '../pixels/index.js';
import { longs, numbersOf } from './exif-fields.js';

/** Bytes of one unit of each type; a rational is two of them, and types 16 to 18 are long numbers of eight bytes. */
const unitBytes = [0, 1, 1, 2, 4, 4, 1, 1, 2, 4, 4, 4, 8, 4, 0, 0, 8, 8, 8] as const;

/** Where the pixels lie: of no use elsewhere, and long. */
const placeTags: ReadonlySet<number> = new Set([0x0111, 0x0117, 0x0144, 0x0145]);

/** More fields than any program writes. */
const mostFields = 4096;

/** Whether a file is a BigTIFF, whose offsets have eight bytes. */
export const isBigTiff = (file: Uint8Array): boolean => {
  const mark = String.fromCharCode(...file.subarray(0, 4));
  return mark === 'II+\0' || mark === 'MM\0+';
};

/**
 * The first directory of a TIFF file, of either size of offsets, as a structure of the ordinary kind, in which everything
 * else here is read: the file itself, or of a BigTIFF its fields without the places of the pixels, and those of its EXIF.
 */
export function ordinaryTiff(file: Uint8Array): Uint8Array {
  if (!isBigTiff(file) || file.length < 16) return file;
  const reading: Reading = {
    view: new DataView(file.buffer, file.byteOffset, file.byteLength),
    little: file[0] === 0x49,
    left: file.length,
  };
  const root = fieldsAt(reading, numberAt(reading, 8));
  const children = new Map<number, ExifDirectory>();
  for (const tag of [pointerTags.exif, pointerTags.gps]) {
    const at = root.pointers.get(tag);
    if (at === undefined) continue;
    const { fields } = fieldsAt(reading, at);
    fields.delete(0x927c); // a maker's notes hold offsets of their own, which are wrong anywhere else
    children.set(tag, { fields, children: new Map() });
  }
  return serializeExif({ fields: root.fields, children });
}

interface Reading {
  readonly view: DataView;
  readonly little: boolean;
  /** Bytes of values that may still be held: together no more than the file has. */
  left: number;
}

const numberAt = ({ view, little }: Reading, at: number): number => Number(view.getBigUint64(at, little));

/** The fields of the directory at an offset, and where those point to that are directories. */
function fieldsAt(reading: Reading, at: number) {
  const { view, little } = reading;
  const fields = new Map<number, ExifField>();
  const pointers = new Map<number, number>();
  const size = view.byteLength;
  const count = at >= 16 && at + 8 <= size ? numberAt(reading, at) : 0;
  for (let i = 0, entry = at + 8; i < Math.min(count, mostFields) && entry + 20 <= size; i++, entry += 20) {
    const tag = view.getUint16(entry, little);
    const field = fieldAt(reading, entry);
    if (field === undefined || placeTags.has(tag)) continue;
    const isPointer = tag === pointerTags.exif || tag === pointerTags.gps;
    if (isPointer) pointers.set(tag, numbersOf(field)[0] ?? 0);
    else if (tag !== pointerTags.interoperability) fields.set(tag, field);
  }
  return { fields, pointers };
}

function fieldAt(reading: Reading, entry: number): ExifField | undefined {
  const { view, little } = reading;
  const type = view.getUint16(entry + 2, little);
  const count = numberAt(reading, entry + 4);
  const unit = unitBytes[type] ?? 0;
  const length = count * unit * (type === 5 || type === 10 ? 2 : 1);
  if (unit === 0 || length === 0 || length > reading.left) return undefined;
  const from = length <= 8 ? entry + 12 : numberAt(reading, entry + 12);
  if (from + length > view.byteLength) return undefined;
  reading.left -= length;
  const bytes = Buffer.from(new Uint8Array(view.buffer, view.byteOffset + from, length)); // a copy
  if (!little && unit === 2) bytes.swap16();
  if (!little && unit === 4) bytes.swap32();
  if (!little && unit === 8) bytes.swap64();
  if (type < 16) return { type: type === 13 ? 4 : type, count, bytes, valueAt: 0, from: 0 };
  const values = Array.from({ length: count }, (_, i) => Number(bytes.readBigUInt64LE(8 * i)));
  return values.every((value) => value < 2 ** 32) ? longs(values) : undefined;
}
