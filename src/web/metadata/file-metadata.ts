import {
  exifOfTiff,
  exifStructure,
  iccOfTiff,
  joined,
  type Orientation,
  orientationOf,
  swapsSides,
  uprightExif,
} from '../../images/anywhere.js';
import { present } from '../../present.js';
import { pageFormatOf } from '../page-format.js';
import { heifMetadata, jxlMetadata } from './heif-metadata.js';

/** What a picture file says of its colours and of how it was taken, byte by byte as it stands there but for the orientation. */
export interface FileMetadata {
  /** The ICC profile. */
  readonly icc?: Uint8Array<ArrayBuffer>;
  /** EXIF, as a TIFF structure: it says that the pixels are upright, and has no thumbnail. */
  readonly exif?: Uint8Array<ArrayBuffer>;
}

type Bytes = Uint8Array<ArrayBuffer>;

const latin1 = (bytes: Bytes, from: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(from, from + length));

/** A segment of a JPEG file before its pixels. */
export interface Segment {
  readonly marker: number;
  /** Without the marker and the length. */
  readonly data: Bytes;
  /** Where the segment begins, and where the next one does. */
  readonly from: number;
  readonly end: number;
}

export function jpegSegments(bytes: Bytes): readonly Segment[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const segments: Segment[] = [];
  for (let from = 2; from + 4 <= bytes.length; ) {
    const marker = view.getUint8(from + 1);
    if (view.getUint8(from) !== 0xff || marker === 0xff || marker === 0) {
      from += 1; // a filling
      continue;
    }
    const end = from + 2 + view.getUint16(from + 2);
    if (marker === 0xda || end < from + 4 || end > bytes.length) break;
    segments.push({ marker, data: bytes.subarray(from + 4, end), from, end });
    from = end;
  }
  return segments;
}

/** Whether a segment is of a kind. */
export const isSegment = ({ marker, data }: Segment, wanted: number, start: string): boolean =>
  marker === wanted && latin1(data, 0, start.length) === start;

function jpegMetadata(bytes: Bytes): FileMetadata {
  const segments = jpegSegments(bytes);
  const contents = (wanted: number, start: string): readonly Bytes[] =>
    segments
      .filter((segment) => isSegment(segment, wanted, start))
      .map(({ data }) => data.subarray(start.length));
  // An EXIF that is too large for a segment goes on in the next ones.
  const [first, ...more] = contents(0xe1, 'Exif\0\0');
  const next = more.findIndex((part) => /^(II\*\0|MM\0\*)/.test(latin1(part, 0, 4)));
  const exif = first && joined([first, ...more.slice(0, next < 0 ? undefined : next)]);
  // A profile in parts: the number of each, how many there are, the bytes.
  const parts = contents(0xe2, 'ICC_PROFILE\0').toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
  const icc = parts.length === 0 ? undefined : joined(parts.map((part) => part.subarray(2)));
  return present({ icc, exif });
}

/** A part of a PNG file. */
export interface PngChunk {
  readonly kind: string;
  readonly data: Bytes;
}

/** The chunks of a PNG file, as far as they are whole. */
export function pngChunks(bytes: Bytes): readonly PngChunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: PngChunk[] = [];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const end = at + 8 + view.getUint32(at);
    if (end + 4 > bytes.length) break;
    chunks.push({ kind: latin1(bytes, at + 4, 4), data: bytes.subarray(at + 8, end) });
    at = end + 4;
  }
  return chunks;
}

/**
 * What was compressed in the format zlib.
 *
 * @param most bytes that may come of it: a thousand times its size may, and the rest is not opened
 * @returns `undefined` where it is damaged, or more comes of it
 */
export async function inflated(data: Bytes, most: number): Promise<Bytes | undefined> {
  const plain = new Blob([data]).stream().pipeThrough(new DecompressionStream('deflate')).getReader();
  const parts: Uint8Array[] = [];
  try {
    for (let length = 0; ; ) {
      const { done, value } = await plain.read();
      if (done) return joined(parts);
      length += value.length;
      if (length > most) break;
      parts.push(value);
    }
    await plain.cancel();
  } catch {
    // It is damaged.
  }
  return undefined;
}

/** The most bytes of a profile: those of printers with large tables have about 3 million. */
const MOST_PROFILE = 2 ** 24;

async function pngMetadata(bytes: Bytes): Promise<FileMetadata> {
  const chunks = pngChunks(bytes);
  const first = (kind: string): Bytes | undefined => chunks.find((chunk) => chunk.kind === kind)?.data;
  // A name, a zero, the method, and the profile compressed.
  const named = first('iCCP');
  const icc = named && (await inflated(named.subarray(named.indexOf(0) + 2), MOST_PROFILE));
  return present({ icc, exif: first('eXIf') });
}

function webpMetadata(bytes: Bytes): FileMetadata {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = new Map<string, Bytes>();
  for (let at = 12; at + 8 <= bytes.length; ) {
    const length = view.getUint32(at + 4, true);
    if (at + 8 + length > bytes.length) break;
    found.set(latin1(bytes, at, 4), bytes.subarray(at + 8, at + 8 + length));
    at += 8 + length + (length % 2);
  }
  const exif = found.get('EXIF');
  return present({ icc: found.get('ICCP')?.slice(), exif: exif && new Uint8Array(exifStructure(exif)) });
}

/** Whether a profile has a header, and all that its table of tags points to. */
function isWhole(profile: Bytes): boolean {
  const view = new DataView(profile.buffer, profile.byteOffset, profile.byteLength);
  if (profile.length < 132 || latin1(profile, 36, 4) !== 'acsp') return false;
  const end = 132 + 12 * view.getUint32(128);
  if (end > profile.length) return false;
  for (let at = 132; at < end; at += 12)
    if (view.getUint32(at + 4) + view.getUint32(at + 8) > profile.length) return false;
  return true;
}

/**
 * The colour profile and the EXIF of a file that a page opens, and none that is damaged; of JPEG XL files the EXIF alone.
 *
 * @example
 * const { icc } = await fileMetadata(new Uint8Array(await file.arrayBuffer()));
 */
export async function fileMetadata(bytes: Uint8Array<ArrayBuffer>): Promise<FileMetadata> {
  const { icc, exif } = await foundIn(bytes);
  const upright = exif && uprightExif(exif, swapsSides(orientationOf(exif) ?? 1));
  return present({
    icc: icc && isWhole(icc) ? icc : undefined,
    exif: upright && new Uint8Array(upright),
  });
}

/** How the pixels of a JPEG, PNG, WebP or TIFF file lie; those of others have been turned by their decoder. */
export async function orientationIn(bytes: Bytes): Promise<Orientation> {
  const format = pageFormatOf(bytes);
  if (format === 'tiff') return orientationOf(bytes) ?? 1;
  if (format === 'avif' || format === 'heic' || format === 'jxl') return 1;
  const { exif } = await foundIn(bytes);
  return (exif && orientationOf(exif)) ?? 1;
}

function tiffMetadata(bytes: Bytes): FileMetadata {
  const [icc, exif] = [iccOfTiff(bytes), exifOfTiff(bytes)];
  return present({ icc: icc && new Uint8Array(icc), exif: exif && new Uint8Array(exif) });
}

/** As it stands there. */
async function foundIn(bytes: Bytes): Promise<FileMetadata> {
  const format = pageFormatOf(bytes);
  if (format === 'jpeg') return jpegMetadata(bytes);
  if (format === 'png') return pngMetadata(bytes);
  if (format === 'webp') return webpMetadata(bytes);
  if (format === 'tiff') return tiffMetadata(bytes);
  if (format === 'avif' || format === 'heic') return heifMetadata(bytes);
  return format === 'jxl' ? jxlMetadata(bytes) : {};
}
