/** A segment of a JPEG file before its pixels. */
export interface JpegSegment {
  /** The second byte of its marker: 0xe1 for APP1. */
  readonly marker: number;
  /** Without the marker and the length. */
  readonly data: Buffer;
}

/** A JPEG file in its parts. */
export interface JpegFile {
  readonly segments: readonly JpegSegment[];
  /** Bits a sample; 8 in nearly all files. */
  readonly precision: number | undefined;
  /** From the first scan on, with what follows the picture. */
  readonly rest: Buffer;
}

const startOfScan = 0xda;
/** Markers that begin a frame: baseline, progressive, lossless … */
const frames: ReadonlySet<number> = new Set([
  0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf,
]);

/** What a segment begins with that stands for one kind of metadata. */
export const segmentKinds = {
  exif: { marker: 0xe1, start: 'Exif\0\0' },
  xmp: { marker: 0xe1, start: 'http://ns.adobe.com/xap/1.0/\0' },
  extendedXmp: { marker: 0xe1, start: 'http://ns.adobe.com/xmp/extension/\0' },
  icc: { marker: 0xe2, start: 'ICC_PROFILE\0' },
  pictures: { marker: 0xe2, start: 'MPF\0' },
  photoshop: { marker: 0xed, start: 'Photoshop 3.0\0' },
  comment: { marker: 0xfe, start: '' },
  density: { marker: 0xe0, start: 'JFIF\0' },
} as const;

export type SegmentKind = keyof typeof segmentKinds;

/** The most bytes that a segment holds. */
export const longestSegment = 65_533;

/** The parts of a JPEG file; `undefined` if it is none, or ends before its pixels. */
export function parseJpeg(file: Uint8Array): JpegFile | undefined {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined;
  const segments: JpegSegment[] = [];
  let precision: number | undefined;
  let at = 2;
  while (at + 4 <= bytes.length) {
    const marker = bytes[at + 1] ?? 0;
    if (bytes[at] !== 0xff || marker === 0xff || marker === 0) {
      at = bytes.indexOf(0xff, at + 1); // fill bytes, or what does not belong there, which decoders skip too
      if (at < 0) return undefined;
      continue;
    }
    if (marker === startOfScan) return { segments, precision, rest: bytes.subarray(at) };
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    if (end > bytes.length || end < at + 4) return undefined;
    const data = bytes.subarray(at + 4, end);
    if (frames.has(marker)) precision ??= data[0];
    segments.push({ marker, data });
    at = end;
  }
  return undefined;
}

/** The contents of the segments of a kind, in their order, without what they begin with. */
export function contentsOf({ segments }: JpegFile, kind: SegmentKind): readonly Buffer[] {
  const { marker, start } = segmentKinds[kind];
  return segments
    .filter(
      (segment) => segment.marker === marker && segment.data.toString('latin1', 0, start.length) === start,
    )
    .map(({ data }) => data.subarray(start.length));
}

/** A segment of a kind. */
export function segmentOf(kind: SegmentKind, ...contents: readonly Uint8Array[]): JpegSegment {
  const { marker, start } = segmentKinds[kind];
  return { marker, data: Buffer.concat([Buffer.from(start, 'latin1'), ...contents]) };
}

/** A JPEG file of its parts. */
export function assembleJpeg(segments: readonly JpegSegment[], rest: Uint8Array): Buffer {
  const parts: Uint8Array[] = [Buffer.from([0xff, 0xd8])];
  for (const { marker, data } of segments) {
    const head = Buffer.from([0xff, marker, 0, 0]);
    head.writeUInt16BE(data.length + 2, 2);
    parts.push(head, data);
  }
  return Buffer.concat([...parts, rest]);
}

/** Whether a segment is about the picture's colours rather than its metadata: Adobe's APP14 says how they are coded. */
export function isForDecoder({ marker }: JpegSegment): boolean {
  const application = marker >= 0xe0 && marker <= 0xef;
  return marker !== 0xfe && (!application || marker === 0xee || marker === 0xe0);
}

/** How many bytes follow the picture: a second picture, a video. */
export function bytesBehind({ rest }: JpegFile): number {
  let at = 0;
  while (at >= 0 && at + 1 < rest.length) {
    const marker = rest[at + 1] ?? 0;
    if (marker === 0xd9) return rest.length - at - 2;
    const inScan = marker === 0 || marker === 0xff || (marker >= 0xd0 && marker <= 0xd7);
    const skip = inScan ? 1 : 2 + (at + 4 <= rest.length ? rest.readUInt16BE(at + 2) : 0);
    at = rest.indexOf(0xff, at + skip);
  }
  return 0;
}
