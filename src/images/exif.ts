import {
  byteOrder,
  type ExifDirectory,
  makerNoteTag,
  parseExif,
  pointerTags,
  serializeExif,
} from './exif-directory.js';
import type { Density, ExifField } from '../pixels/index.js';
import { rationals, shorts } from './exif-fields.js';
import { setUpright } from './orientation.js';
import { shapeOfCounts } from './pixel-shape.js';

/** What the camera noted about the picture. Fields that the file does not hold are left out. */
export interface CameraFacts {
  readonly make?: string;
  readonly model?: string;
  readonly lens?: string;
  /** Sensitivity. */
  readonly iso?: number;
  /** In seconds. */
  readonly exposureTime?: number;
  readonly fNumber?: number;
  /** In millimetres. */
  readonly focalLength?: number;
  /** As the camera writes it, `YYYY:MM:DD hh:mm:ss`. */
  readonly taken?: string;
  /** The fraction of that second, its digits: `25` is a quarter. */
  readonly subSeconds?: string;
  /** What that time is ahead of UTC, `+02:00`. */
  readonly utcOffset?: string;
}

const tags = {
  make: 0x010f,
  model: 0x0110,
  width: 0x0100,
  height: 0x0101,
  xResolution: 0x011a,
  yResolution: 0x011b,
  resolutionUnit: 0x0128,
  exposureTime: 0x829a,
  fNumber: 0x829d,
  iso: 0x8827,
  taken: 0x9003,
  utcOffset: 0x9011,
  subSeconds: 0x9291,
  focalLength: 0x920a,
  pixelWidth: 0xa002,
  pixelHeight: 0xa003,
  lens: 0xa434,
} as const;

/** The TIFF structure inside an EXIF block, which JPEG, WebP and AVIF begin with `Exif\0\0`. */
export function exifStructure(block: Uint8Array): Uint8Array {
  return String.fromCharCode(...block.subarray(0, 6)) === 'Exif\0\0' ? block.subarray(6) : block;
}

/**
 * A copy of the EXIF for pixels that have been turned upright: orientation 1, and no thumbnail, which would
 * still lie on its side and show the picture before restoration. All else stays where it is, because makers'
 * notes hold offsets of their own. `undefined` if the EXIF is malformed.
 *
 * @param swaps whether width and height were swapped, and so the densities across and down
 */
export function uprightExif(exif: Uint8Array, swaps: boolean): Uint8Array | undefined {
  const directory = parseExif(exif);
  const order = byteOrder(exif);
  if (directory === undefined || order === undefined) return undefined;
  const upright = Uint8Array.from(exif); // not slice, which on a Buffer is no copy
  setUpright(upright);
  if (swaps) swapDensities(upright, directory);
  if (directory.nextAt !== undefined)
    new DataView(upright.buffer).setUint32(directory.nextAt, 0, order.little);
  return upright;
}

/** Two fractions, or the places of them. */
function swapDensities(exif: Uint8Array, { fields }: ExifDirectory): void {
  const [across, down] = [fields.get(tags.xResolution), fields.get(tags.yResolution)];
  if (across?.type !== 5 || down?.type !== 5 || across.count !== 1 || down.count !== 1) return;
  const place = exif.slice(across.valueAt, across.valueAt + 4);
  exif.copyWithin(across.valueAt, down.valueAt, down.valueAt + 4);
  exif.set(place, down.valueAt);
}

/** A copy of the EXIF that says another size of the picture, wherever it says one. */
export function resizedExif(
  exif: Uint8Array,
  { width, height }: { readonly width: number; readonly height: number },
): Uint8Array {
  const main = parseExif(exif);
  const order = byteOrder(exif);
  if (main === undefined || order === undefined) return exif;
  const resized = Uint8Array.from(exif);
  const view = new DataView(resized.buffer);
  const photo = main.children.get(pointerTags.exif);
  const fields = [
    [main.fields.get(tags.width), width],
    [main.fields.get(tags.height), height],
    [photo?.fields.get(tags.pixelWidth), width],
    [photo?.fields.get(tags.pixelHeight), height],
  ] as const;
  for (const [field, value] of fields) {
    if (field === undefined) continue;
    view.setUint16(field.valueAt - 6, 4, order.little); // a long
    view.setUint32(field.valueAt - 4, 1, order.little);
    view.setUint32(field.valueAt, value, order.little);
  }
  return resized;
}

/** The EXIF with a density, where it says none. */
export function exifWithDensity(exif: Uint8Array | undefined, { x, y }: Density): Uint8Array {
  const main = (exif === undefined ? undefined : parseExif(exif)) ?? {
    fields: new Map(),
    children: new Map(),
  };
  if (exif !== undefined && main.fields.has(tags.xResolution)) return exif;
  const fields = new Map(main.fields)
    .set(tags.xResolution, rationals([x]))
    .set(tags.yResolution, rationals([y]))
    .set(tags.resolutionUnit, shorts([2]));
  return serializeExif({ ...main, fields });
}

/**
 * An EXIF of so many bytes at most: laid anew, without its largest fields where that is not enough.
 *
 * @returns the EXIF, and what it is without, for people; `undefined` where it is malformed
 */
export function smallerExif(
  exif: Uint8Array,
  most: number,
): { readonly exif: Uint8Array; readonly lost: readonly string[] } | undefined {
  const whole = parseExif(exif);
  if (whole === undefined) return undefined;
  const lost: string[] = [];
  let directory: ExifDirectory = whole;
  for (;;) {
    const laid = serializeExif(directory);
    if (laid.length <= most) return { exif: laid, lost };
    const largest = largestField(directory);
    if (largest === undefined) return undefined;
    lost.push(
      largest.tag === makerNoteTag ? "the maker's notes" : `a large field of the EXIF (${largest.tag})`,
    );
    directory = withoutField(directory, largest.tag);
  }
}

function largestField({ fields, children }: ExifDirectory): { tag: number; bytes: number } | undefined {
  let largest: { tag: number; bytes: number } | undefined;
  for (const [tag, field] of fields)
    if (field.bytes.length > (largest?.bytes ?? 4)) largest = { tag, bytes: field.bytes.length };
  for (const child of children.values()) {
    const inside = largestField(child);
    if (inside !== undefined && inside.bytes > (largest?.bytes ?? 4)) largest = inside;
  }
  return largest;
}

function withoutField(directory: ExifDirectory, tag: number): ExifDirectory {
  const fields = new Map(directory.fields);
  fields.delete(tag);
  const children = new Map([...directory.children].map(([name, child]) => [name, withoutField(child, tag)]));
  return { ...directory, fields, children };
}

/**
 * What of an EXIF is not in another one: for people; nothing where all is there. Size, orientation, density and thumbnail
 * are not looked at, which change with the picture.
 */
export function missingOfExif(before: Uint8Array, after: Uint8Array | undefined): readonly string[] {
  const wanted = parseExif(before);
  const found = after === undefined ? undefined : parseExif(after);
  if (wanted === undefined) return [];
  if (found === undefined) return ['the EXIF'];
  const missing: string[] = [];
  compare(wanted, found, missing);
  return [...new Set(missing)];
}

/** Beside those, how the samples of a JPEG file are stored, which cameras and libexif name. */
const changing: ReadonlySet<number> = new Set([
  ...[0x0100, 0x0101, 0x0102, 0x0103, 0x0106, 0x0112, 0x0115, 0x011a, 0x011b, 0x011c, 0x0128, 0x0201, 0x0202],
  ...[0x0211, 0x0212, 0x0213, 0x0214, 0xa002, 0xa003],
]);

function compare(wanted: ExifDirectory, found: ExifDirectory | undefined, missing: string[]): void {
  for (const [tag, { bytes }] of wanted.fields) {
    if (changing.has(tag) || bytes.length === 0) continue;
    const other = found?.fields.get(tag)?.bytes;
    if (other?.length === bytes.length && bytes.every((byte, i) => byte === other[i])) continue;
    missing.push(tag === makerNoteTag ? "the maker's notes" : 'a part of the EXIF');
  }
  for (const [tag, child] of wanted.children) compare(child, found?.children.get(tag), missing);
}

/** The camera's fields of an EXIF structure. */
export function cameraFacts(exif: Uint8Array): CameraFacts {
  const main = parseExif(exif);
  const photo = main?.children.get(pointerTags.exif);
  const facts = {
    make: text(main, tags.make),
    model: text(main, tags.model),
    lens: text(photo, tags.lens),
    iso: number(photo, tags.iso),
    exposureTime: number(photo, tags.exposureTime),
    fNumber: number(photo, tags.fNumber),
    focalLength: number(photo, tags.focalLength),
    taken: text(photo, tags.taken),
    subSeconds: text(photo, tags.subSeconds),
    utcOffset: text(photo, tags.utcOffset),
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

/** The density that an EXIF structure or a TIFF file says; `undefined` if it says none. */
export function exifDensity(exif: Uint8Array): Density | undefined {
  const main = parseExif(exif);
  const x = number(main, tags.xResolution);
  const y = number(main, tags.yResolution) ?? x;
  const unit = number(main, tags.resolutionUnit) ?? 2;
  if (x === undefined || y === undefined || x <= 0 || y <= 0 || unit === 1) return undefined;
  return unit === 3 ? { x: x * 2.54, y: y * 2.54 } : { x, y };
}

/** The shape of its pixels that a TIFF file says by a density without a unit; `undefined` for square ones. */
export function tiffPixelShape(file: Uint8Array): number | undefined {
  const main = parseExif(file);
  const [x, y] = [number(main, tags.xResolution), number(main, tags.yResolution)];
  if (number(main, tags.resolutionUnit) !== 1 || x === undefined || y === undefined) return undefined;
  return shapeOfCounts(x, y);
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

function text(directory: ExifDirectory | undefined, tag: number): string | undefined {
  const field = directory?.fields.get(tag);
  if (field?.type !== 2) return undefined;
  const value = utf8.decode(field.bytes).split('\0')[0]?.trim();
  return value === '' ? undefined : value;
}

function number(directory: ExifDirectory | undefined, tag: number): number | undefined {
  const field = directory?.fields.get(tag);
  const value = field === undefined || field.count === 0 ? undefined : firstNumber(field);
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

function firstNumber({ type, bytes }: ExifField): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (type === 3) return view.getUint16(0, true);
  if (type === 4) return view.getUint32(0, true);
  return type === 5 ? view.getUint32(0, true) / view.getUint32(4, true) : undefined;
}
