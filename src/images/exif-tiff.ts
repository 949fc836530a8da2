import type { Density, ExifField, PictureMetadata } from '../pixels/index.js';
import { ordinaryTiff } from './big-tiff.js';
import { type Chromaticity, colourProfile, greyProfile, type ToneCurve } from './colour-profile.js';
import { exifDensity, tiffPixelShape } from './exif.js';
import {
  byteOrder,
  type ExifDirectory,
  layDirectory,
  makerNoteOf,
  parseExif,
  withMakerNote,
} from './exif-directory.js';
import { longs, numbersOf, rationals, shorts, undefinedBytes } from './exif-fields.js';
import type { FoundMetadata } from './found-metadata.js';
import { photoshopFacts } from './photoshop.js';
import { exifOfTiff, photographTags } from './tiff-fields.js';
import { lostOfPages, tiffPages } from './tiff-pages.js';

/*
 * A TIFF file has no EXIF block: its own first directory holds the fields, beside those that describe the
 * pixels. sharp neither reads nor writes them, so they are taken out and put in here.
 */

const tags = {
  xResolution: 0x011a,
  yResolution: 0x011b,
  resolutionUnit: 0x0128,
  transfer: 0x012d,
  whitePoint: 0x013e,
  primaries: 0x013f,
  stripOffsets: 0x0111,
  tileOffsets: 0x0144,
  xmp: 0x02bc,
  iptc: 0x83bb,
  photoshop: 0x8649,
  icc: 0x8773,
  layers: 0x935c,
} as const;

/** Fields that say how the pixels are stored, or that are read on their own: of no other picture. */
const ownTags: ReadonlySet<number> = new Set([
  ...[0x00fe, 0x00ff, 0x0100, 0x0101, 0x0102, 0x0103, 0x0106, 0x0107, 0x0108, 0x0109, 0x010a, 0x0111, 0x0112],
  ...[0x0115, 0x0116, 0x0117, 0x0118, 0x0119, 0x011a, 0x011b, 0x011c, 0x0120, 0x0121, 0x0122, 0x0123, 0x0124],
  ...[0x0125, 0x0128, 0x012d, 0x013d, 0x013e, 0x013f, 0x0140, 0x0141, 0x0142, 0x0143, 0x0144, 0x0145, 0x014a],
  ...[0x014c, 0x014e, 0x0150, 0x0151, 0x0152, 0x0153, 0x0154, 0x0155, 0x0156, 0x015b, 0x0200, 0x0201, 0x0202],
  ...[0x0203, 0x0205, 0x0206, 0x0207, 0x0208, 0x0209, 0x0211, 0x0212, 0x0213, 0x0214],
  ...[tags.xmp, tags.iptc, tags.photoshop, tags.icc, tags.layers],
]);

/** What a TIFF file says beside its pixels; only that there may be something, where it is damaged. */
export function tiffMetadata(whole: Uint8Array, channels: 1 | 3): FoundMetadata {
  const file = ordinaryTiff(whole);
  const directory = parseExif(file);
  if (directory === undefined) return { lost: ['what the TIFF file says beside its pixels'] };
  const { fields } = directory;
  const bytesOf = (tag: number): Uint8Array | undefined => fields.get(tag)?.bytes;
  const xmp = bytesOf(tags.xmp);
  const blocks = bytesOf(tags.photoshop);
  const photoshop = photoshopFacts(blocks === undefined ? [] : [blocks]);
  const others = [...fields].filter(([tag]) => !ownTags.has(tag) && !photographTags.has(tag));
  const exif = exifOfTiff(file);
  const note = makerNoteOf(directory);
  const noteLost = note !== undefined && exif !== undefined && parsedNote(exif) === undefined;
  return {
    icc: bytesOf(tags.icc) ?? profileOfFields(fields, channels),
    exif,
    xmp: xmp === undefined ? undefined : Buffer.from(xmp).toString('latin1'),
    density: exifDensity(file) ?? photoshop.density,
    pixelShape: tiffPixelShape(file),
    iptc: iptcOf(fields.get(tags.iptc)) ?? photoshop.iptc,
    photoshop: photoshop.photoshop,
    fields: new Map(others),
    lost: [
      ...photoshop.lost,
      ...(fields.has(tags.layers) ? ["Photoshop's layers"] : []),
      ...lostOfPages(tiffPages(whole)),
      ...(noteLost ? ["the maker's notes"] : []),
    ],
  };
}

function parsedNote(exif: Uint8Array): ExifField | undefined {
  const directory = parseExif(exif);
  return directory === undefined ? undefined : makerNoteOf(directory);
}

/** IPTC records begin with 0x1c; stored as long numbers, their bytes may have been swapped. */
function iptcOf(field: ExifField | undefined): Uint8Array | undefined {
  if (field === undefined || field.bytes.length === 0) return undefined;
  const bytes = Buffer.from(field.bytes);
  if (bytes[0] !== 0x1c && bytes[3] === 0x1c && bytes.length % 4 === 0) bytes.swap32();
  const end = bytes.findLastIndex((byte) => byte !== 0) + 1;
  return bytes[0] === 0x1c ? bytes.subarray(0, end) : undefined;
}

/** White, red, green and blue of sRGB. */
const srgb = [0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06] as const;

/** A profile of the primaries and curves that the fields say; `undefined` where they say none. */
function profileOfFields(fields: ReadonlyMap<number, ExifField>, channels: 1 | 3): Uint8Array | undefined {
  const numbers = (tag: number): readonly number[] => {
    const field = fields.get(tag);
    return field === undefined ? [] : numbersOf(field);
  };
  const name = 'Colours of the TIFF file';
  const curves = curvesOf(numbers(tags.transfer), channels);
  if (channels === 1) return curves === undefined ? undefined : greyProfile(name, curves[0]);
  const [rx, ry, gx, gy, bx, by] = numbers(tags.primaries);
  if (rx === undefined || ry === undefined || gx === undefined) return undefined;
  if (gy === undefined || bx === undefined || by === undefined) return undefined;
  const [wx = 0.3127, wy = 0.329] = numbers(tags.whitePoint);
  const white: Chromaticity = [wx, wy];
  const usual = [wx, wy, rx, ry, gx, gy, bx, by].every(
    (value, i) => Math.abs(value - (srgb[i] ?? 0)) < 0.001,
  );
  // Programs write the primaries of sRGB into files that are sRGB, as all are that say nothing.
  if (usual && curves === undefined) return undefined;
  const primaries = { white, red: [rx, ry], green: [gx, gy], blue: [bx, by] } as const;
  // Where the file names no curve, TIFF means a power of 2.2.
  return colourProfile(name, primaries, curves ?? [{ power: 2.2 }]);
}

/** The curves of a table of one or three columns of 2^bits numbers; of long tables, 1024 of these. */
function curvesOf(
  table: readonly number[],
  channels: 1 | 3,
): readonly [ToneCurve] | readonly [ToneCurve, ToneCurve, ToneCurve] | undefined {
  const columns = Math.log2(table.length) % 1 === 0 ? 1 : 3;
  const length = table.length / columns;
  if (length < 2 || Math.log2(length) % 1 !== 0) return undefined;
  const curve = (column: number): ToneCurve => {
    const count = Math.min(length, 1024);
    const at = (i: number): number => column * length + Math.round((i * (length - 1)) / (count - 1));
    return { samples: Array.from({ length: count }, (_, i) => (table[at(i)] ?? 0) / 65_535) };
  };
  return columns === 1 || channels === 1 ? [curve(0)] : [curve(0), curve(1), curve(2)];
}

/**
 * The TIFF file with metadata in its first directory, which moves to the end of the file, and what of it does not fit.
 * The EXIF stands at the beginning, as far from it as before, because makers' notes hold offsets of their own.
 */
export function tiffWithMetadata(
  encoded: Uint8Array,
  metadata: PictureMetadata,
): { readonly bytes: Uint8Array; readonly lost: readonly string[] } {
  const { icc, xmp, density, pixelShape, iptc, photoshop, texts = [] } = metadata;
  const own = parseExif(encoded);
  if (own === undefined || byteOrder(encoded)?.little !== true)
    throw new Error('the encoder wrote no TIFF file');
  const lost = texts.map(({ keyword }) => `the text ${keyword}`);
  const exif = metadata.exif === undefined ? undefined : parseExif(metadata.exif);
  const note = exif === undefined ? undefined : makerNoteOf(exif);
  const placed = note !== undefined && note.bytes.length > 4 && note.from + note.bytes.length <= 2 ** 20;
  if (note !== undefined && !placed && note.bytes.length > 4) lost.push("the maker's notes");
  const added =
    exif &&
    (note === undefined || note.bytes.length <= 4
      ? exif
      : withMakerNote(exif, placed ? { ...note, placed: note.from } : undefined));
  const front = placed && metadata.exif !== undefined ? metadata.exif.subarray(8) : new Uint8Array();
  const shift = front.length + (front.length % 2);

  const fields = new Map(metadata.fields ?? []);
  for (const [tag, field] of added?.fields ?? []) if (!ownTags.has(tag)) fields.set(tag, field);
  for (const [tag, field] of own.fields) fields.set(tag, field);
  for (const tag of [tags.stripOffsets, tags.tileOffsets]) {
    const field = fields.get(tag);
    if (field !== undefined) fields.set(tag, longs(numbersOf(field).map((offset) => offset + shift)));
  }
  for (const tag of [tags.xResolution, tags.yResolution, tags.resolutionUnit]) fields.delete(tag);
  if (density !== undefined && !setDensity(fields, density)) lost.push('the density');
  if (density === undefined && pixelShape !== undefined) setShape(fields, pixelShape);
  if (icc !== undefined) fields.set(tags.icc, undefinedBytes(icc));
  if (xmp !== undefined) fields.set(tags.xmp, { ...undefinedBytes(xmp), type: 1 });
  if (iptc !== undefined) fields.set(tags.iptc, undefinedBytes(iptc));
  if (photoshop !== undefined) fields.set(tags.photoshop, undefinedBytes(photoshop));
  return { bytes: withDirectory(encoded, { fields, children: added?.children ?? new Map() }, front), lost };
}

function setDensity(fields: Map<number, ExifField>, { x, y }: Density): boolean {
  if (!(Math.min(x, y) > 0 && Math.max(x, y) < 2 ** 32)) return false;
  fields.set(tags.xResolution, rationals([x]));
  fields.set(tags.yResolution, rationals([y]));
  fields.set(tags.resolutionUnit, shorts([2]));
  return true;
}

/** Without a unit, numbers say the shape of pixels. */
function setShape(fields: Map<number, ExifField>, shape: number): void {
  fields.set(tags.xResolution, rationals([1]));
  fields.set(tags.yResolution, rationals([shape]));
  fields.set(tags.resolutionUnit, shorts([1]));
}

/** The file with bytes put in after its header, and a directory at its end that takes the place of its first one. */
function withDirectory(encoded: Uint8Array, directory: ExifDirectory, front: Uint8Array): Uint8Array {
  const head = Buffer.concat([encoded.subarray(0, 8), front, new Uint8Array(front.length % 2)]);
  const body = encoded.subarray(8);
  const at = head.length + body.length + (body.length % 2);
  const whole = Buffer.concat([head, body, new Uint8Array(body.length % 2), layDirectory(directory, at)]);
  whole.writeUInt32LE(at, 4);
  return whole;
}
