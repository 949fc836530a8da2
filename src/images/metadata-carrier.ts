import { crc32, deflateSync } from 'node:zlib';
import type { PictureMetadata } from './picture.js';

/**
 * A PNG of one black, transparent pixel that carries the metadata.
 *
 * sharp attaches metadata only from an image that it decodes, and its `withIccProfile` converts the pixels.
 * So the pixels are joined with this picture by a bitwise or: libvips enlarges it with zeros, which changes no
 * pixel, and merges what it carries.
 *
 * @param bands samples a pixel, 1 to 4, equal to those of the picture
 */
export function metadataCarrier(bands: number, { icc, exif, xmp }: PictureMetadata): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(1, 0); // width
  header.writeUInt32BE(1, 4); // height
  header[8] = 8; // bits
  header[9] = [0, 4, 2, 6][bands - 1] ?? 2; // grey, grey and alpha, RGB, RGB and alpha
  const chunks = [chunk('IHDR', header)];
  if (icc !== undefined) chunks.push(chunk('iCCP', Buffer.from('icc\0\0', 'latin1'), deflateSync(icc)));
  if (exif !== undefined) chunks.push(chunk('eXIf', exif));
  if (xmp !== undefined)
    chunks.push(chunk('iTXt', Buffer.from('XML:com.adobe.xmp\0\0\0\0\0', 'latin1'), xmp));
  chunks.push(chunk('IDAT', deflateSync(Buffer.alloc(1 + bands))), chunk('IEND'));
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks]);
}

function chunk(type: string, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat([Buffer.from(type, 'latin1'), ...parts]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(content.length - 4, 0);
  frame.writeUInt32BE(crc32(content), 4);
  return Buffer.concat([frame.subarray(0, 4), content, frame.subarray(4)]);
}
