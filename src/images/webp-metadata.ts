import { exifStructure } from './exif.js';
import type { FoundMetadata } from './found-metadata.js';
import { lostPhotoshop } from './photoshop.js';
import type { PictureMetadata } from '../pixels/index.js';

interface WebpChunk {
  readonly type: string;
  readonly data: Buffer;
}

/** The chunks of a WebP file; `undefined` if it is none. */
export function webpChunks(file: Uint8Array): readonly WebpChunk[] | undefined {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WEBP')
    return undefined;
  const chunks: WebpChunk[] = [];
  for (let at = 12; at + 8 <= bytes.length; ) {
    const length = bytes.readUInt32LE(at + 4);
    const end = at + 8 + length;
    if (end > bytes.length) break;
    chunks.push({ type: bytes.toString('latin1', at, at + 4), data: bytes.subarray(at + 8, end) });
    at = end + (length % 2);
  }
  return chunks;
}

/** Whether a WebP file keeps every value. */
export function isLosslessWebp(chunks: readonly WebpChunk[]): boolean {
  return chunks.some(({ type }) => type === 'VP8L');
}

const understood = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP', 'EXIF', 'XMP ']);

/** What a WebP file says beside its pixels. */
export function webpMetadata(chunks: readonly WebpChunk[]): FoundMetadata {
  const first = (type: string): Buffer | undefined => chunks.find((chunk) => chunk.type === type)?.data;
  const exif = first('EXIF');
  return {
    icc: first('ICCP'),
    exif: exif === undefined ? undefined : exifStructure(exif),
    xmp: first('XMP ')?.toString('latin1'),
    lost: chunks
      .filter(({ type }) => !understood.has(type))
      .map(({ type }) => (type === 'C2PA' ? 'the content credentials (C2PA)' : `the chunk ${type}`)),
  };
}

/** A WebP file with metadata, and what of it does not fit. */
export function webpWithMetadata(
  encoded: Uint8Array,
  { icc, exif, xmp, iptc, photoshop, texts = [] }: PictureMetadata,
  { width, height, alpha }: { readonly width: number; readonly height: number; readonly alpha?: unknown },
): { readonly bytes: Uint8Array; readonly lost: readonly string[] } {
  const pixels = webpChunks(encoded)?.filter(({ type }) => ['VP8 ', 'VP8L', 'ALPH'].includes(type)) ?? [];
  const lost = [
    ...(iptc === undefined ? [] : ['the IPTC']),
    ...lostPhotoshop(photoshop),
    ...texts.map(({ keyword }) => `the text ${keyword}`),
  ];
  if ((icc ?? exif ?? xmp) === undefined) return { bytes: encoded, lost };
  const extent = Buffer.alloc(10);
  const has = (part: unknown, flag: number): number => (part === undefined ? 0 : flag);
  extent[0] = has(icc, 0x20) | has(alpha, 0x10) | has(exif, 0x08) | has(xmp, 0x04);
  extent.writeUIntLE(width - 1, 4, 3);
  extent.writeUIntLE(height - 1, 7, 3);
  const chunks = [
    chunk('VP8X', extent),
    ...(icc === undefined ? [] : [chunk('ICCP', icc)]),
    ...pixels.map(({ type, data }) => chunk(type, data)),
    ...(exif === undefined ? [] : [chunk('EXIF', exif)]),
    ...(xmp === undefined ? [] : [chunk('XMP ', xmp)]),
  ];
  const body = Buffer.concat([Buffer.from('WEBP', 'latin1'), ...chunks]);
  return { bytes: chunk('RIFF', body), lost };
}

function chunk(type: string, data: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.write(type, 'latin1');
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data, new Uint8Array(data.length % 2)]);
}
