import { type Orientation, turned } from '../images/anywhere.js';
import { joined } from '../images/anywhere.js';
import { inflated, pngChunks } from './metadata/file-metadata.js';
import type { Pixels } from './page-image.js';

/** What the header of a PNG file says. */
interface Header {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly bands: 1 | 2 | 3 | 4;
  readonly interlaced: boolean;
}

type Bytes = Uint8Array<ArrayBuffer>;

/** Samples a pixel by the kind of colours; palettes are not opened here. */
const bandsOfKind: Readonly<Partial<Record<number, 1 | 2 | 3 | 4>>> = { 0: 1, 2: 3, 4: 2, 6: 4 };

function headerOf(data: Bytes | undefined): Header | undefined {
  if (data === undefined || data.length < 13) return undefined;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const bands = bandsOfKind[view.getUint8(9)];
  if (bands === undefined) return undefined;
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  return { width, height, depth: view.getUint8(8), bands, interlaced: view.getUint8(12) === 1 };
}

/** The predictor of Paeth: whichever of its neighbours is nearest to left + above - corner. */
function paeth(left: number, above: number, corner: number): number {
  const [toLeft, toAbove] = [Math.abs(above - corner), Math.abs(left - corner)];
  const toCorner = Math.abs(left + above - 2 * corner);
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

/** Brings the rows of a pass back from their differences, in place: each begins with its kind. */
function unfilter(rows: Bytes, line: number, pixel: number): void {
  for (let from = 0; from < rows.length; from += line) {
    const kind = rows[from] ?? 0;
    const above = from - line;
    for (let i = 1; i < line; i++) {
      const left = i > pixel ? (rows[from + i - pixel] ?? 0) : 0;
      const up = above >= 0 ? (rows[above + i] ?? 0) : 0;
      const corner = above >= 0 && i > pixel ? (rows[above + i - pixel] ?? 0) : 0;
      const predicted = [0, left, up, (left + up) >> 1][kind] ?? paeth(left, up, corner);
      rows[from + i] = (rows[from + i] ?? 0) + predicted;
    }
  }
}

/** Where the pixels of passes stand: the first column and row, and the steps to the next. */
type Pass = readonly [x0: number, y0: number, stepX: number, stepY: number];
const wholePass: readonly Pass[] = [[0, 0, 1, 1]];
const adam7: readonly Pass[] = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];

/** The passes that have pixels: how many across and down, and the bytes of a row, which begins with its kind. */
const passesOf = ({ width, height, depth, bands, interlaced }: Header) =>
  (interlaced ? adam7 : wholePass)
    .map(([x0, y0, stepX, stepY]) => {
      const [across, down] = [Math.ceil((width - x0) / stepX), Math.ceil((height - y0) / stepY)];
      return { x0, y0, stepX, stepY, across, down, line: 1 + (across * bands * depth) / 8 };
    })
    .filter(({ across, down }) => across > 0 && down > 0);

/** The bytes of all rows. */
const rowBytes = (header: Header): number =>
  passesOf(header).reduce((sum, { line, down }) => sum + line * down, 0);

/** Red, green, blue and opacity of all pixels; `undefined` where the rows end early. */
function spread(rows: Bytes, header: Header) {
  const { width, height, depth, bands } = header;
  const area = width * height;
  const data = depth === 16 ? new Uint16Array(4 * area) : new Uint8ClampedArray(4 * area);
  const size = depth / 8;
  let at = 0;
  for (const { x0, y0, stepX, stepY, across, down, line } of passesOf(header)) {
    const part = rows.subarray(at, at + line * down);
    if (part.length < line * down) return undefined;
    at += part.length;
    unfilter(part, line, bands * size);
    for (let row = 0; row < down; row++)
      for (let column = 0; column < across; column++) {
        const from = row * line + 1 + column * bands * size;
        const to = 4 * ((y0 + row * stepY) * width + x0 + column * stepX);
        const sample = (band: number): number =>
          size === 2
            ? 256 * (part[from + 2 * band] ?? 0) + (part[from + 2 * band + 1] ?? 0)
            : (part[from + band] ?? 0);
        for (let c = 0; c < 3; c++) data[to + c] = sample(bands < 3 ? 0 : c);
        data[to + 3] = bands % 2 === 0 ? sample(bands - 1) : 2 ** depth - 1;
      }
  }
  return data;
}

/**
 * The pixels of a PNG file of 16 bits, or of 8 with opacity, value by value, which a canvas would change.
 *
 * @returns `undefined` of other PNG files, and of those that are damaged: the browser opens them, or says what is wrong
 */
export async function decodeExactPng(bytes: Bytes, orientation: Orientation): Promise<Pixels | undefined> {
  const chunks = pngChunks(bytes);
  const [first] = chunks;
  const header = first?.kind === 'IHDR' ? headerOf(first.data) : undefined;
  if (header === undefined || chunks.some(({ kind }) => kind === 'tRNS' || kind === 'acTL')) return undefined;
  const { width, height, depth, bands } = header;
  if (depth !== 16 && !(depth === 8 && bands % 2 === 0)) return undefined;
  const packed = chunks.filter(({ kind }) => kind === 'IDAT').map(({ data }) => data);
  const rows = await inflated(joined(packed), rowBytes(header));
  const samples = rows && spread(rows, header);
  if (samples === undefined) return undefined;
  if (samples instanceof Uint16Array) {
    const upright = turned({ width, height, samples }, 4, orientation, (length) => new Uint16Array(length));
    return { width: upright.width, height: upright.height, data: new Uint16Array(upright.samples) };
  }
  const plain = { width, height, samples: new Uint8Array(samples.buffer) };
  const upright = turned(plain, 4, orientation, (length) => new Uint8Array(length));
  return { width: upright.width, height: upright.height, data: new Uint8ClampedArray(upright.samples) };
}
