import { type Allowance, allowanceFor } from '../allowance.js';
import { RevelaError } from '../errors.js';
import type { ExifField } from '../pixels/index.js';

/**
 * EXIF is a TIFF structure: directories of fields, in either byte order, linked by offsets from its start.
 * Here it becomes a tree of fields whose bytes are little-endian, and back.
 */
export interface ExifDirectory {
  readonly fields: ReadonlyMap<number, ExifField>;
  /** Directories that a field of this one points to, by its tag. */
  readonly children: ReadonlyMap<number, ExifDirectory>;
  /** Where the offset of the following directory (the thumbnail's) stands in the structure it was read from, if it has one. */
  readonly nextAt?: number;
}

/** Tags whose value is the offset of a directory. */
export const pointerTags = { exif: 0x8769, gps: 0x8825, interoperability: 0xa005 } as const;
const pointers: ReadonlySet<number> = new Set(Object.values(pointerTags));

/** Bytes of one unit of each type, and how many units make a value (a rational is two longs). */
const unitBytes = [0, 1, 1, 2, 4, 4, 1, 1, 2, 4, 4, 4, 8] as const;
const unitsOf = (type: number): number => (type === 5 || type === 10 ? 2 : 1);

const headerBytes = 8;

/** The byte order of a TIFF structure; `undefined` if it is none. */
export function byteOrder(bytes: Uint8Array): { little: boolean } | undefined {
  const mark = String.fromCharCode(...bytes.subarray(0, 4));
  if (mark === 'II*\0') return { little: true };
  return mark === 'MM\0*' ? { little: false } : undefined;
}

/** More fields than any camera or editor writes, all directories taken together. */
const mostFields = 10_000;

/** A structure being read: its bytes, the directories met so far, and what it may still cost. */
interface Reading {
  readonly view: DataView;
  readonly little: boolean;
  /** Where the directories stand that were read, so that none is read twice. */
  readonly visited: Set<number>;
  readonly allowance: Allowance;
}

/**
 * Reads the first directory of a TIFF structure and those under it, each once, wherever it is pointed to from.
 * `undefined` if it is malformed or harmful.
 */
export function parseExif(bytes: Uint8Array): ExifDirectory | undefined {
  const parsed = parse(bytes);
  return parsed === 'harmful' ? undefined : parsed;
}

/**
 * Whether an EXIF structure is built to cost more than a small multiple of its size: by directories that point in
 * circles, or by fields that share their bytes over and over.
 */
export function isHarmfulExif(bytes: Uint8Array): boolean {
  return parse(bytes) === 'harmful';
}

function parse(bytes: Uint8Array): ExifDirectory | 'harmful' | undefined {
  const order = byteOrder(bytes);
  if (order === undefined || bytes.length < headerBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const allowance = allowanceFor('the EXIF', {
    steps: mostFields,
    bytes: 2 * bytes.length,
    kind: 'EXIF',
    remedy: 'it is left out',
  });
  try {
    const reading = { view, little: order.little, visited: new Set<number>(), allowance };
    return parseDirectory(reading, view.getUint32(4, order.little), 0);
  } catch (error) {
    if (error instanceof RevelaError) return 'harmful';
    throw error;
  }
}

function parseDirectory(reading: Reading, at: number, depth: number): ExifDirectory | undefined {
  const { view, little, visited, allowance } = reading;
  if (at < headerBytes || at + 2 > view.byteLength || depth > 2) return undefined;
  const count = view.getUint16(at, little);
  const end = at + 2 + 12 * count;
  if (end > view.byteLength) return undefined;
  allowance.spend(count); // each time it is met, because other readers would follow it again
  if (visited.has(at)) return undefined;
  visited.add(at);
  const fields = new Map<number, ExifField>();
  const children = new Map<number, ExifDirectory>();
  for (let entry = at + 2; entry < end; entry += 12) {
    const tag = view.getUint16(entry, little);
    if (pointers.has(tag)) {
      const child = parseDirectory(reading, view.getUint32(entry + 8, little), depth + 1);
      if (child !== undefined) children.set(tag, child);
    } else {
      const field = parseField(reading, entry);
      if (field !== undefined) fields.set(tag, field);
    }
  }
  // Some programs leave out the offset of the next directory, and values stand in its place.
  const isValue = [...fields.values()].some(
    (field) => field.from < end + 4 && field.from + field.bytes.length > end,
  );
  return { fields, children, ...(end + 4 <= view.byteLength && !isValue && { nextAt: end }) };
}

function parseField({ view, little, allowance }: Reading, entry: number): ExifField | undefined {
  const type = view.getUint16(entry + 2, little);
  const count = view.getUint32(entry + 4, little);
  const unit = unitBytes[type] ?? 0;
  const length = count * unit * unitsOf(type);
  const from = length <= 4 ? entry + 8 : view.getUint32(entry + 8, little);
  if (unit === 0 || from + length > view.byteLength) return undefined;
  allowance.hold(length);
  const bytes = new Uint8Array(view.buffer, view.byteOffset + from, length).slice();
  if (!little && unit > 1) for (let i = 0; i < length; i += unit) bytes.subarray(i, i + unit).reverse();
  return { type, count, bytes, valueAt: entry + 8, from };
}

/** The notes of a camera's maker, which hold offsets from the start of the EXIF, in forms that only the maker knows. */
export const makerNoteTag = 0x927c;

/** Beyond this distance from the start, a maker's notes are not kept at their place. */
const farthestNote = 2 ** 20;

/** The maker's notes of an EXIF, where it has any. */
export function makerNoteOf(directory: ExifDirectory): ExifField | undefined {
  return directory.children.get(pointerTags.exif)?.fields.get(makerNoteTag);
}

/** The directory with its maker's notes changed, or without them. */
export function withMakerNote(directory: ExifDirectory, note: ExifField | undefined): ExifDirectory {
  const photo = directory.children.get(pointerTags.exif);
  if (photo === undefined) return directory;
  const fields = new Map(photo.fields);
  if (note === undefined) fields.delete(makerNoteTag);
  else fields.set(makerNoteTag, note);
  return { ...directory, children: new Map(directory.children).set(pointerTags.exif, { ...photo, fields }) };
}

/**
 * A little-endian TIFF structure that holds the directory and those under it. Makers' notes stand where they stood, or are
 * left out where that is too far from the start.
 */
export function serializeExif(directory: ExifDirectory): Uint8Array {
  const note = makerNoteOf(directory);
  const header = Uint8Array.of(0x49, 0x49, 42, 0, headerBytes, 0, 0, 0);
  if (note === undefined || note.bytes.length <= 4)
    return joined([header, layDirectory(directory, headerBytes)]);
  const noteEnd = note.from + note.bytes.length;
  if (noteEnd > farthestNote) return serializeExif(withMakerNote(directory, undefined));
  const placed = withMakerNote(directory, { ...note, placed: note.from });
  const before = layDirectory(placed, headerBytes);
  const gap = note.from - headerBytes - before.length;
  if (gap >= 0) return joined([header, before, new Uint8Array(gap), note.bytes]);
  const at = noteEnd + (noteEnd % 2);
  const whole = new Uint8Array(at);
  whole.set(header);
  whole.set(note.bytes, note.from);
  new DataView(whole.buffer).setUint32(4, at, true);
  return joined([whole, layDirectory(placed, at)]);
}

/** Parts one after another. */
export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/**
 * The bytes of a directory that will stand at `base` of a little-endian structure: its entries in the order of
 * their tags, the values that do not fit into an entry, and the directories under it.
 */
export function layDirectory({ fields, children }: ExifDirectory, base: number): Uint8Array {
  const tags = [...fields.keys(), ...children.keys()].sort((a, b) => a - b);
  const entries = new DataView(new ArrayBuffer(2 + 12 * tags.length + 4));
  const parts: Uint8Array[] = [new Uint8Array(entries.buffer)];
  let end = entries.byteLength;
  const append = (bytes: Uint8Array): number => {
    const at = base + end;
    parts.push(bytes, new Uint8Array(bytes.length % 2)); // values begin at even offsets
    end += bytes.length + (bytes.length % 2);
    return at;
  };
  entries.setUint16(0, tags.length, true);
  for (const [i, tag] of tags.entries()) {
    const entry = 2 + 12 * i;
    const child = children.get(tag);
    const field = fields.get(tag);
    entries.setUint16(entry, tag, true);
    if (child !== undefined) {
      entries.setUint16(entry + 2, 4, true);
      entries.setUint32(entry + 4, 1, true);
      entries.setUint32(entry + 8, append(layDirectory(child, base + end)), true);
    } else if (field !== undefined) {
      entries.setUint16(entry + 2, field.type, true);
      entries.setUint32(entry + 4, field.count, true);
      if (field.bytes.length > 4) entries.setUint32(entry + 8, field.placed ?? append(field.bytes), true);
      else new Uint8Array(entries.buffer).set(field.bytes, entry + 8);
    }
  }
  return joined(parts);
}
