import {
  byteOrder,
  type ExifDirectory,
  type ExifField,
  layDirectory,
  parseExif,
  pointerTags,
  serializeExif,
} from './exif-directory.js';

/*
 * A TIFF file has no EXIF block: its own first directory holds the fields, beside those that describe the
 * pixels. sharp neither reads nor writes them, so they are taken out and put in here.
 */

/** Fields of a first directory that are about the photograph rather than about how its pixels are stored. */
const photographTags: ReadonlySet<number> = new Set([
  0x010e, // description
  0x010f, // make
  0x0110, // model
  0x0131, // software
  0x0132, // date
  0x013b, // artist
  0x013c, // computer
  0x8298, // copyright
  0x9c9b, // title, comment, author, keywords and subject as Windows writes them
  0x9c9c,
  0x9c9d,
  0x9c9e,
  0x9c9f,
]);
const pixelWidth = 0xa002;
const pixelHeight = 0xa003;

/** The photograph's fields of a TIFF file as an EXIF structure; `undefined` if there are none. */
export function exifOfTiff(file: Uint8Array): Uint8Array | undefined {
  const directory = parseExif(file);
  if (directory === undefined) return undefined;
  const fields = new Map([...directory.fields].filter(([tag]) => photographTags.has(tag)));
  if (fields.size === 0 && directory.children.size === 0) return undefined;
  return serializeExif({ fields, children: directory.children, nextAt: 0 });
}

/**
 * The TIFF file with the fields of an EXIF structure added to its first directory, which moves to the end of
 * the file. Fields that the file has already stay as they are.
 */
export function tiffWithExif(file: Uint8Array, exif: Uint8Array, width: number, height: number): Uint8Array {
  const own = parseExif(file);
  const added = parseExif(exif);
  if (own === undefined || added === undefined || byteOrder(file)?.little !== true) return file;
  const fields = new Map([...added.fields].filter(([tag]) => photographTags.has(tag)));
  for (const [tag, field] of own.fields) fields.set(tag, field);
  const children = new Map(added.children);
  const photo = children.get(pointerTags.exif);
  if (photo !== undefined) children.set(pointerTags.exif, withSize(photo, width, height));

  const at = file.length + (file.length % 2);
  const directory = layDirectory({ fields, children, nextAt: 0 }, at);
  const whole = new Uint8Array(at + directory.length);
  whole.set(file);
  whole.set(directory, at);
  new DataView(whole.buffer).setUint32(4, at, true);
  return whole;
}

/** The directory with the picture's size corrected where it names one. */
function withSize(photo: ExifDirectory, width: number, height: number): ExifDirectory {
  const fields = new Map(photo.fields);
  if (fields.has(pixelWidth)) fields.set(pixelWidth, longField(width));
  if (fields.has(pixelHeight)) fields.set(pixelHeight, longField(height));
  return { ...photo, fields };
}

function longField(value: number): ExifField {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return { type: 4, count: 1, bytes, valueAt: 0 };
}
