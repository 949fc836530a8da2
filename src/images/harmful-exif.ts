import { crc32 } from 'node:zlib';
import { isHarmfulExif } from './exif-directory.js';

/*
 * The decoder reads the EXIF of a JPEG, PNG, WebP or AVIF file before anybody asks, and follows directories that
 * point in circles for seconds. Such a block is made unreadable before the decoder sees the file.
 */

const signatures = ['II*\0', 'MM\0*'];
/** What stands before the structure: the mark of JPEG, WebP and AVIF, or the name of a PNG chunk. */
const mark = 'Exif\0\0';
const pngChunk = 'eXIf';
const webpChunk = 'EXIF';

/**
 * The bytes of a picture file without the EXIF that is built to cost more than it weighs: the same bytes where there is
 * none, which is always so but for files made to harm; otherwise a copy in which the block's signature is blanked.
 */
export function withoutHarmfulExif(file: Uint8Array): Uint8Array {
  let harmless: Buffer | undefined;
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  for (const signature of signatures) {
    for (
      let at = bytes.indexOf(signature, 1, 'latin1');
      at > 0;
      at = bytes.indexOf(signature, at + 1, 'latin1')
    ) {
      if (!isExifBlock(bytes, at) || !isHarmfulExif(bytes.subarray(at))) continue;
      harmless ??= Buffer.from(bytes);
      blank(harmless, at);
    }
  }
  return harmless ?? file;
}

/** Whether a structure stands where EXIF does; eight bytes and more, which no pixels happen to be. */
function isExifBlock(bytes: Buffer, at: number): boolean {
  const before = bytes.toString('latin1', Math.max(0, at - 8), at);
  return (
    before.endsWith(mark) ||
    before.endsWith(pngChunk) ||
    before.startsWith(webpChunk) ||
    before.endsWith('\0\0\0\0') // AVIF: the item begins with how far away the structure is
  );
}

function blank(bytes: Buffer, at: number): void {
  bytes.fill(0, at, at + 4);
  const chunk = at - 4;
  if (bytes.toString('latin1', chunk, at) !== pngChunk) return;
  const end = at + bytes.readUInt32BE(chunk - 4);
  if (end + 4 <= bytes.length) bytes.writeUInt32BE(crc32(bytes.subarray(chunk, end)), end);
}
