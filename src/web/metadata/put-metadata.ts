import { resizedExif, smallerExif } from '../../images/anywhere.js';
import { present } from '../../present.js';
import { joined } from '../../images/anywhere.js';
import { type FileMetadata, isSegment, jpegSegments, type Segment } from './file-metadata.js';

type Bytes = Uint8Array<ArrayBuffer>;

const latin1 = (text: string): Bytes => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** The most bytes that a segment of a JPEG file holds. */
const longestSegment = 65_533;

/**
 * Metadata as they fit a picture of red, green and blue of that size: EXIF says the size, and a profile of grey values is left out,
 * with which the file would be invalid.
 */
export function fittedMetadata(
  { icc, exif }: FileMetadata,
  size: { readonly width: number; readonly height: number },
): FileMetadata {
  const isGrey = icc !== undefined && String.fromCharCode(...icc.subarray(16, 20)) === 'GRAY';
  return present({
    icc: isGrey ? undefined : icc,
    exif: exif && new Uint8Array(resizedExif(exif, size)),
  });
}

function segment(marker: number, ...contents: readonly Uint8Array[]): Bytes {
  const data = joined(contents);
  const head = Uint8Array.of(0xff, marker, (data.length + 2) >>> 8, (data.length + 2) & 255);
  return joined([head, data]);
}

function profileSegments(icc: Bytes): readonly Bytes[] {
  const start = latin1('ICC_PROFILE\0');
  const most = longestSegment - start.length - 2;
  const count = Math.ceil(icc.length / most);
  return Array.from({ length: count }, (_, i) =>
    segment(0xe2, start, Uint8Array.of(i + 1, count), icc.subarray(i * most, (i + 1) * most)),
  );
}

/** A JPEG file, as an encoder wrote it, with metadata. An EXIF that is too long for a segment loses its largest fields. */
export function jpegWith(file: Bytes, { icc, exif }: FileMetadata): Bytes {
  const start = latin1('Exif\0\0');
  const fitting = exif && smallerExif(exif, longestSegment - start.length)?.exif;
  const whole = exif !== undefined && exif.length <= longestSegment - start.length ? exif : fitting;
  const segments = jpegSegments(file);
  // Browsers write a profile of their own, which says nothing of these colours.
  const own = segments.filter(
    (one) => !isSegment(one, 0xe1, 'Exif\0\0') && !isSegment(one, 0xe2, 'ICC_PROFILE\0'),
  );
  const [first] = own;
  const isJfif = first?.marker === 0xe0; // which is to be the first
  const bytesOf = ({ from, end }: Segment): Bytes => file.subarray(from, end);
  return joined([
    file.subarray(0, 2),
    ...(isJfif ? [bytesOf(first)] : []),
    ...(whole === undefined ? [] : [segment(0xe1, start, whole)]),
    ...(icc === undefined ? [] : profileSegments(icc)),
    ...own.slice(isJfif ? 1 : 0).map(bytesOf),
    file.subarray(segments.at(-1)?.end ?? 2),
  ]);
}

function chunk(kind: string, data: Uint8Array): Bytes {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, data.length, true);
  return joined([latin1(kind), length, data, new Uint8Array(data.length % 2)]);
}

/** A WebP file, as an encoder wrote it, with metadata. */
export function webpWith(
  file: Bytes,
  { icc, exif }: FileMetadata,
  { width, height }: { readonly width: number; readonly height: number },
): Bytes {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const pixels: Bytes[] = [];
  let alpha = false;
  for (let at = 12; at + 8 <= file.length; ) {
    const kind = String.fromCharCode(...file.subarray(at, at + 4));
    const length = view.getUint32(at + 4, true);
    if (kind === 'VP8X') alpha = (view.getUint8(at + 8) & 0x10) > 0;
    // The bit that tells of opacity in a file that loses nothing.
    if (kind === 'VP8L') alpha = (view.getUint8(at + 12) & 0x10) > 0;
    if (kind === 'VP8 ' || kind === 'VP8L' || kind === 'ALPH')
      pixels.push(chunk(kind, file.subarray(at + 8, at + 8 + length)));
    at += 8 + length + (length % 2);
  }
  if (icc === undefined && exif === undefined && !alpha)
    return chunk('RIFF', joined([latin1('WEBP'), ...pixels]));
  const extent = new DataView(new ArrayBuffer(10));
  const [ofIcc, ofAlpha, ofExif] = [
    icc === undefined ? 0 : 0x20,
    alpha ? 0x10 : 0,
    exif === undefined ? 0 : 0x08,
  ];
  extent.setUint8(0, ofIcc | ofAlpha | ofExif);
  for (const [at, side] of [
    [4, width - 1],
    [7, height - 1],
  ] as const) {
    extent.setUint16(at, side & 0xffff, true);
    extent.setUint8(at + 2, side >>> 16);
  }
  const body = joined([
    latin1('WEBP'),
    chunk('VP8X', new Uint8Array(extent.buffer)),
    ...(icc === undefined ? [] : [chunk('ICCP', icc)]),
    ...pixels,
    ...(exif === undefined ? [] : [chunk('EXIF', exif)]),
  ]);
  return chunk('RIFF', body);
}
