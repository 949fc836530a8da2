/**
 * EXIF is a TIFF structure: directories of fields, in either byte order, linked by offsets from its start.
 * Here it becomes a tree of fields whose bytes are little-endian, and back.
 */
export interface ExifField {
  /** The TIFF type: 1 byte, 2 text, 3 short, 4 long, 5 rational, 7 undefined, … */
  readonly type: number;
  readonly count: number;
  readonly bytes: Uint8Array;
  /** Where the field's value (or the offset of it) stands in the structure it was read from. */
  readonly valueAt: number;
}

export interface ExifDirectory {
  readonly fields: ReadonlyMap<number, ExifField>;
  /** Directories that a field of this one points to, by its tag. */
  readonly children: ReadonlyMap<number, ExifDirectory>;
  /** Where the offset of the following directory (the thumbnail's) stands in the structure it was read from. */
  readonly nextAt: number;
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

/** Reads the first directory of a TIFF structure and those under it; `undefined` if it is malformed. */
export function parseExif(bytes: Uint8Array): ExifDirectory | undefined {
  const order = byteOrder(bytes);
  if (order === undefined || bytes.length < headerBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return parseDirectory(view, view.getUint32(4, order.little), order.little, 0);
}

function parseDirectory(
  view: DataView,
  at: number,
  little: boolean,
  depth: number,
): ExifDirectory | undefined {
  if (at < headerBytes || at + 2 > view.byteLength || depth > 2) return undefined;
  const nextAt = at + 2 + 12 * view.getUint16(at, little);
  if (nextAt + 4 > view.byteLength) return undefined;
  const fields = new Map<number, ExifField>();
  const children = new Map<number, ExifDirectory>();
  for (let entry = at + 2; entry < nextAt; entry += 12) {
    const tag = view.getUint16(entry, little);
    if (pointers.has(tag)) {
      const child = parseDirectory(view, view.getUint32(entry + 8, little), little, depth + 1);
      if (child !== undefined) children.set(tag, child);
    } else {
      const field = parseField(view, entry, little);
      if (field !== undefined) fields.set(tag, field);
    }
  }
  return { fields, children, nextAt };
}

function parseField(view: DataView, entry: number, little: boolean): ExifField | undefined {
  const type = view.getUint16(entry + 2, little);
  const count = view.getUint32(entry + 4, little);
  const unit = unitBytes[type] ?? 0;
  const length = count * unit * unitsOf(type);
  const from = length <= 4 ? entry + 8 : view.getUint32(entry + 8, little);
  if (unit === 0 || from + length > view.byteLength) return undefined;
  const bytes = new Uint8Array(view.buffer, view.byteOffset + from, length).slice();
  if (!little && unit > 1) {
    for (let i = 0; i < length; i += unit) bytes.subarray(i, i + unit).reverse();
  }
  return { type, count, bytes, valueAt: entry + 8 };
}

/** A little-endian TIFF structure that holds the directory and those under it. */
export function serializeExif(directory: ExifDirectory): Uint8Array {
  const body = layDirectory(directory, headerBytes);
  const bytes = new Uint8Array(headerBytes + body.length);
  bytes.set([0x49, 0x49, 42, 0, headerBytes, 0, 0, 0]);
  bytes.set(body, headerBytes);
  return bytes;
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
      if (field.bytes.length > 4) entries.setUint32(entry + 8, append(field.bytes), true);
      else new Uint8Array(entries.buffer).set(field.bytes, entry + 8);
    }
  }
  return Buffer.concat(parts);
}
