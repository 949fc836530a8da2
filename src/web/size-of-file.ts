import { pageFormatOf } from './page-format.js';
import { readBlob } from './read-blob.js';
import { jxlSize } from './sizes/size-of-jxl.js';
import { tiffSize } from './sizes/size-of-tiff.js';

/** The size of a picture as it lies in its file, before it is turned upright. */
export interface FileSize {
  readonly width: number;
  readonly height: number;
}

/** As much of a file as is read at once: the boxes of AVIF and HEIC that tell a size lie in it. */
const START = 64 * 1024;

const read = async (file: Blob, from: number, length: number): Promise<DataView> =>
  new DataView((await readBlob(file, from, length)).buffer);

const lettersAt = (view: DataView, at: number): string =>
  at + 4 > view.byteLength
    ? ''
    : String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at, 4));

const twentyFourBits = (view: DataView, at: number): number =>
  view.getUint16(at, true) + 65_536 * view.getUint8(at + 2);

function webpSize(view: DataView): FileSize | undefined {
  const kind = lettersAt(view, 12);
  if (view.byteLength < 30) return undefined;
  if (kind === 'VP8X') return { width: 1 + twentyFourBits(view, 24), height: 1 + twentyFourBits(view, 27) };
  if (kind === 'VP8L') {
    const bits = view.getUint32(21, true);
    return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
  }
  if (kind === 'VP8 ')
    return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  return undefined;
}

/** The largest of the sizes that an AVIF or HEIC file tells: those of its tiles and its thumbnail are smaller. */
function heifSize(view: DataView): FileSize | undefined {
  let size: FileSize | undefined;
  for (let at = 4; at + 16 <= view.byteLength; at++) {
    if (view.getUint32(at) !== 0x69737065) continue; // ispe
    const [width, height] = [view.getUint32(at + 8), view.getUint32(at + 12)];
    if (width * height > (size?.width ?? 0) * (size?.height ?? 0)) size = { width, height };
  }
  return size;
}

/** Goes from segment to segment of a JPEG file to that of its frame; those of a camera's preview lie inside others. */
async function jpegSize(file: Blob): Promise<FileSize | undefined> {
  for (let at = 2; at + 9 < file.size; ) {
    const view = await read(file, at, 9);
    const marker = view.getUint8(1);
    if (view.getUint8(0) !== 0xff) return undefined;
    if (marker === 0xff) {
      at += 1; // a filling
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: view.getUint16(7), height: view.getUint16(5) };
    if (marker === 0xd9 || marker === 0xda) return undefined;
    at += 2 + view.getUint16(2);
  }
  return undefined;
}

/**
 * The size that the file of a picture tells in its header, without decoding it; `undefined` where it tells none.
 *
 * @example
 * const size = await sizeOfFile(file);
 */
export async function sizeOfFile(file: Blob): Promise<FileSize | undefined> {
  const view = await read(file, 0, START);
  if (view.byteLength < 24) return undefined;
  const format = pageFormatOf(new Uint8Array(view.buffer, 0, 12));
  if (format === 'png') return { width: view.getUint32(16), height: view.getUint32(20) };
  if (format === 'jpeg') return jpegSize(file);
  if (format === 'webp') return webpSize(view);
  if (format === 'tiff') return tiffSize(file);
  if (format === 'jxl') return jxlSize(view);
  if (format === 'avif' || format === 'heic') return heifSize(view);
  return undefined;
}
