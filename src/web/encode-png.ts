import { joined } from '../images/anywhere.js';
import type { FileMetadata } from './metadata/file-metadata.js';
import type { Pixels } from './page-image.js';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** The check sums of single bytes (CRC-32). */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? 0xedb88320 ^ (sum >>> 1) : sum >>> 1;
  return sum;
});

function checkSum(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = (table[(sum ^ byte) & 255] ?? 0) ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}

function chunk(kind: string, content: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12 + content.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, content.length);
  bytes.set(
    [...kind].map((letter) => letter.charCodeAt(0)),
    4,
  );
  bytes.set(content, 8);
  view.setUint32(8 + content.length, checkSum(bytes.subarray(4, 8 + content.length)));
  return bytes;
}

function isOpaque(data: Pixels['data']): boolean {
  const white = data instanceof Uint16Array ? 65_535 : 255;
  for (let i = 3; i < data.length; i += 4) if (data[i] !== white) return false;
  return true;
}

/** Bytes of a row: the kind of its differences, then its values. */
const lineOf = ({ data, width }: Pixels, bands: 3 | 4): number => 1 + bands * width * data.BYTES_PER_ELEMENT;

/** Some rows as a PNG file has them: each value as its difference from that above it, which photographs compress well by. */
function rowsOf(image: Pixels, bands: 3 | 4, first: number, end: number): Uint8Array<ArrayBuffer> {
  const { data, width } = image;
  const size = data.BYTES_PER_ELEMENT;
  const line = lineOf(image, bands);
  const rows = new Uint8Array((end - first) * line);
  for (let y = first; y < end; y++) {
    const start = (y - first) * line;
    rows[start] = 2;
    for (let x = 0, to = start + 1; x < width; x++)
      for (let c = 0; c < bands; c++, to += size) {
        const at = 4 * (y * width + x) + c;
        const [value, above] = [data[at] ?? 0, y === 0 ? 0 : (data[at - 4 * width] ?? 0)];
        if (size === 2) rows[to] = (value >>> 8) - (above >>> 8);
        rows[to + size - 1] = value - above;
      }
  }
  return rows;
}

/** Bytes of rows that are packed at once, and of a chunk of packed ones: of a large picture more would lie in memory several times over. */
const ROWS = 2 ** 22;
const PACKED = 2 ** 20;

/** The rows of a picture, some at a time as they are asked for. */
function streamOf(image: Pixels, bands: 3 | 4): ReadableStream<Uint8Array<ArrayBuffer>> {
  const { height } = image;
  const high = Math.max(1, Math.floor(ROWS / lineOf(image, bands)));
  let y = 0;
  return new ReadableStream(
    {
      pull(controller) {
        const end = Math.min(height, y + high);
        controller.enqueue(rowsOf(image, bands, y, end));
        y = end;
        if (y === height) controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}

/** The chunks of all rows; as blobs, which the browser need not hold in memory. */
async function packedRows(image: Pixels, bands: 3 | 4): Promise<readonly Blob[]> {
  const reader = streamOf(image, bands).pipeThrough(new CompressionStream('deflate')).getReader();
  const chunks: Blob[] = [];
  let parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (value !== undefined) {
      parts.push(value);
      length += value.length;
    }
    if (done ? length > 0 : length >= PACKED) {
      chunks.push(new Blob([chunk('IDAT', joined(parts))]));
      parts = [];
      length = 0;
    }
    if (done) return chunks;
  }
}

async function deflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

/**
 * A PNG file of pixels, value by value: the browser's own encoder goes by a canvas, which changes what is half transparent, and
 * writes an opacity where there is none.
 */
export async function encodePng(image: Pixels, { icc, exif }: FileMetadata = {}): Promise<Blob> {
  const bands = isOpaque(image.data) ? 3 : 4;
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, image.width);
  view.setUint32(4, image.height);
  header.set([8 * image.data.BYTES_PER_ELEMENT, bands === 3 ? 2 : 6, 0, 0, 0], 8);
  // A name, a zero, the method, and the profile.
  const profile = icc && joined([new TextEncoder().encode('icc\0\0'), await deflated(icc)]);
  const chunks = [
    chunk('IHDR', header),
    ...(profile === undefined ? [] : [chunk('iCCP', profile)]),
    ...(exif === undefined ? [] : [chunk('eXIf', exif)]),
    ...(await packedRows(image, bands)),
    chunk('IEND', new Uint8Array()),
  ];
  return new Blob([Uint8Array.from(SIGNATURE), ...chunks], { type: 'image/png' });
}
