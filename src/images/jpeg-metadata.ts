import { createHash } from 'node:crypto';
import { smallerExif } from './exif.js';
import { parseExif } from './exif-directory.js';
import type { FoundMetadata } from './found-metadata.js';
import {
  assembleJpeg,
  bytesBehind,
  contentsOf,
  isForDecoder,
  type JpegFile,
  type JpegSegment,
  longestSegment,
  parseJpeg,
  segmentKinds,
  segmentOf,
} from './jpeg-file.js';
import { photoshopFacts, photoshopWith } from './photoshop.js';
import type { Density, PictureMetadata, PictureText } from '../pixels/index.js';
import { countsOfShape, shapeOfCounts } from './pixel-shape.js';
import { extensionOf, mergedXmp, splitXmp, withoutExtension } from './xmp.js';

/** What a JPEG file says beside its pixels. */
export function jpegMetadata(file: JpegFile): FoundMetadata {
  const photoshop = photoshopFacts(contentsOf(file, 'photoshop'));
  const { xmp, lost } = xmpOf(file);
  return {
    icc: iccOf(file),
    exif: exifOf(file),
    xmp,
    density: densityOf(file) ?? photoshop.density,
    pixelShape: shapeOf(file),
    iptc: photoshop.iptc,
    photoshop: photoshop.photoshop,
    texts: contentsOf(file, 'comment').map(commentText),
    lost: [...lost, ...photoshop.lost, ...companionsOf(file), ...othersOf(file)],
  };
}

/** An EXIF that is too large for a segment goes on in the next ones. */
function exifOf(file: JpegFile): Uint8Array | undefined {
  const [first, ...more] = contentsOf(file, 'exif');
  if (first === undefined) return undefined;
  const isStart = (part: Buffer): boolean => /^(II\*\0|MM\0\*)/.test(part.toString('latin1', 0, 4));
  const next = more.findIndex(isStart);
  return more.length === 0 ? first : Buffer.concat([first, ...more.slice(0, next < 0 ? undefined : next)]);
}

/** A profile in parts: the number of each, how many there are, the bytes. */
function iccOf(file: JpegFile): Uint8Array | undefined {
  const parts = contentsOf(file, 'icc').filter((part) => part.length > 2);
  if (parts.length === 0) return undefined;
  const sorted = [...parts].sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
  return Buffer.concat(sorted.map((part) => part.subarray(2)));
}

function xmpOf(file: JpegFile): { readonly xmp: string | undefined; readonly lost: readonly string[] } {
  const main = contentsOf(file, 'xmp')[0]?.toString('latin1');
  if (main === undefined) return { xmp: undefined, lost: [] };
  const identity = extensionOf(main);
  if (identity === undefined) return { xmp: main, lost: [] };
  const extension = extendedXmp(file, identity);
  const merged = extension === undefined ? undefined : mergedXmp(main, extension);
  return merged === undefined
    ? { xmp: withoutExtension(main), lost: ['a part of the XMP, which is damaged'] }
    : { xmp: merged, lost: [] };
}

/** Parts of an extension: its identity, its length, the offset of the part, the bytes. */
function extendedXmp(file: JpegFile, identity: string): string | undefined {
  const parts = contentsOf(file, 'extendedXmp').filter(
    (part) => part.length >= 40 && part.toString('latin1', 0, 32) === identity,
  );
  const length = parts[0]?.readUInt32BE(32) ?? 0;
  const held = parts.reduce((sum, part) => sum + part.length - 40, 0);
  if (length === 0 || held < length) return undefined;
  const whole = Buffer.alloc(length);
  for (const part of parts) part.copy(whole, Math.min(length, part.readUInt32BE(36)), 40);
  return whole.toString('latin1');
}

function densityOf(file: JpegFile): Density | undefined {
  const [jfif] = contentsOf(file, 'density');
  if (jfif === undefined || jfif.length < 7) return undefined;
  const [unit, x, y] = [jfif[2], jfif.readUInt16BE(3), jfif.readUInt16BE(5)];
  const inch = unit === 1 ? 1 : unit === 2 ? 2.54 : 0;
  return inch === 0 || x === 0 || y === 0 ? undefined : { x: x * inch, y: y * inch };
}

function shapeOf(file: JpegFile): number | undefined {
  const [jfif] = contentsOf(file, 'density');
  if (jfif === undefined || jfif.length < 7 || jfif[2] !== 0) return undefined;
  return shapeOfCounts(jfif.readUInt16BE(3), jfif.readUInt16BE(5));
}

function commentText(comment: Buffer): PictureText {
  const text = comment.toString('utf8');
  return { keyword: 'Comment', text: text.includes('\u{fffd}') ? comment.toString('latin1') : text };
}

/** Whether a file says that it holds a gain map. */
export function claimsGainMap({ segments }: JpegFile): boolean {
  return segments.some(
    ({ data }) =>
      data.toString('latin1', 0, 28).startsWith('urn:iso:std:iso:ts:21496') || data.includes('hdrgm:Version'),
  );
}

/** Whether the XMP stands before its extension, which other readers would take for it otherwise. */
export function isXmpInOrder({ segments }: JpegFile): boolean {
  const [first] = segments.filter(({ data }) => data.toString('latin1', 0, 20) === 'http://ns.adobe.com/');
  return first === undefined || !first.data.includes('http://ns.adobe.com/xmp/extension/', 0, 'latin1');
}

/** Kinds of further pictures that are previews of the first. */
const previewKinds: ReadonlySet<number> = new Set([
  0x01_00_01, 0x01_00_02, 0x01_00_03, 0x01_00_04, 0x01_00_05,
]);

/** Pictures and videos behind the picture that the file's own lists name. */
function companionsOf(file: JpegFile): readonly string[] {
  if (claimsGainMap(file)) return ['the gain map (HDR)'];
  const [list] = contentsOf(file, 'pictures');
  const entries = list === undefined ? undefined : parseExif(list)?.fields.get(0xb002)?.bytes;
  if (list !== undefined && entries !== undefined) {
    const { little } = { little: list.toString('latin1', 0, 2) === 'II' };
    for (let at = 16; at + 16 <= entries.length; at += 16) {
      const view = new DataView(entries.buffer, entries.byteOffset + at, 4);
      if (!previewKinds.has(view.getUint32(0, little) & 0xff_ff_ff))
        return ['the other pictures of the file (MPO)'];
    }
    return [];
  }
  const behind = bytesBehind(file);
  if (behind < 1000) return [];
  const isVideo = file.rest.includes('ftyp', file.rest.length - behind, 'latin1');
  return [isVideo ? 'the video (motion photo)' : `${behind} bytes behind the picture`];
}

/** What programs put into segments of their own. */
const known =
  /^(Exif\0|http:\/\/ns\.adobe\.com\/|ICC_PROFILE\0|MPF\0|Photoshop 3\.0\0|JFIF\0|JFXX\0|Adobe\0|Ducky|urn:iso:std:iso:ts:21496)/;

function othersOf({ segments }: JpegFile): readonly string[] {
  return segments.flatMap(({ marker, data }) => {
    const start = data.toString('latin1', 0, 32);
    if (marker < 0xe0 || marker > 0xef || known.test(start)) return [];
    if (start.startsWith('HEAPJPGM', 6)) return ["the camera's data (CIFF)"];
    if (marker === 0xeb) return ['the content credentials (JUMBF)'];
    const name = /^[\w ./:-]+/.exec(start)?.[0].trim() ?? '';
    return [`the data of ${name === '' ? `APP${marker - 0xe0}` : name}`];
  });
}

/** A JPEG file with metadata, and what of it does not fit. */
export function jpegWithMetadata(
  encoded: Uint8Array,
  { icc, exif, xmp, density, pixelShape, iptc, photoshop, texts = [] }: PictureMetadata,
): { readonly bytes: Uint8Array; readonly lost: readonly string[] } {
  const file = parseJpeg(encoded);
  if (file === undefined) throw new Error('the encoder wrote no JPEG file');
  const lost: string[] = [];
  const added: JpegSegment[] = [densitySegment(density, pixelShape)];
  const roomFor = (kind: keyof typeof segmentKinds): number =>
    longestSegment - segmentKinds[kind].start.length;
  if (exif !== undefined) {
    const fitting = exif.length <= roomFor('exif') ? { exif, lost: [] } : smallerExif(exif, roomFor('exif'));
    lost.push(...(fitting?.lost ?? ['the EXIF']));
    if (fitting !== undefined) added.push(segmentOf('exif', fitting.exif));
  }
  if (xmp !== undefined) {
    const segments = xmpSegments(Buffer.from(xmp).toString('latin1'), roomFor('xmp'));
    if (segments === undefined) lost.push('the XMP, of which a JPEG file holds 64 KB');
    added.push(...(segments ?? []));
  }
  if (icc !== undefined) added.push(...iccSegments(icc, roomFor('icc') - 2));
  // Blocks go on in the next segment.
  const blocks = photoshopWith(iptc, photoshop);
  for (let at = 0; at < blocks.length; at += roomFor('photoshop'))
    added.push(segmentOf('photoshop', blocks.subarray(at, at + roomFor('photoshop'))));
  for (const { keyword, text } of texts) {
    const comment = Buffer.from(text, 'utf8');
    if (keyword === 'Comment' && comment.length <= longestSegment) added.push(segmentOf('comment', comment));
    else lost.push(`the text ${keyword}`);
  }
  const own = file.segments.filter((segment) => isForDecoder(segment) && segment.marker !== 0xe0);
  return { bytes: assembleJpeg([...added, ...own], file.rest), lost };
}

/** JFIF: version 1.2, the unit, the density, no thumbnail. Without a unit, numbers say the shape of pixels. */
function densitySegment(density: Density | undefined, shape = 1): JpegSegment {
  const content = Buffer.from([1, 2, 0, 0, 1, 0, 1, 0, 0]);
  const [x, y] = [Math.round(density?.x ?? 0), Math.round(density?.y ?? 0)];
  const fits = x >= 1 && x <= 65_535 && y >= 1 && y <= 65_535;
  const counts = fits ? { x, y } : (countsOfShape(shape, 65_535) ?? { x: 1, y: 1 });
  content[2] = fits ? 1 : 0;
  content.writeUInt16BE(counts.x, 3);
  content.writeUInt16BE(counts.y, 5);
  return segmentOf('density', content);
}

function xmpSegments(text: string, room: number): readonly JpegSegment[] | undefined {
  const end = text.lastIndexOf('<?xpacket end'); // before it programs leave room
  const trimmed =
    text.length <= room || end < 0 ? text : `${text.slice(0, end).trimEnd()}\n${text.slice(end)}`;
  const bytes = (part: string): Buffer => Buffer.from(part, 'latin1');
  if (trimmed.length <= room) return [segmentOf('xmp', bytes(trimmed))];
  const identify = (part: string): string =>
    createHash('md5').update(bytes(part)).digest('hex').toUpperCase();
  const split = splitXmp(trimmed, room, identify);
  if (split === undefined) return undefined;
  const whole = bytes(split.extension);
  const segments = [segmentOf('xmp', bytes(split.main))];
  const step = 65_000;
  for (let at = 0; at < whole.length; at += step) {
    const head = Buffer.alloc(40);
    head.write(identify(split.extension), 'latin1');
    head.writeUInt32BE(whole.length, 32);
    head.writeUInt32BE(at, 36);
    segments.push(segmentOf('extendedXmp', head, whole.subarray(at, at + step)));
  }
  return segments;
}

function iccSegments(icc: Uint8Array, room: number): readonly JpegSegment[] {
  const count = Math.ceil(icc.length / room);
  if (count > 255) return [];
  return Array.from({ length: count }, (_, i) =>
    segmentOf('icc', Buffer.from([i + 1, count]), icc.subarray(i * room, (i + 1) * room)),
  );
}
