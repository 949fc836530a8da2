import { formatOfStart, type PictureFormat } from '../pixels/index.js';

/** The kinds of picture files that a page opens. */
export type PageFormat = PictureFormat | 'heic' | 'jxl';

/** As people write them. */
export const formatNames: Readonly<Record<PageFormat, string>> = {
  jpeg: 'JPEG',
  png: 'PNG',
  webp: 'WebP',
  tiff: 'TIFF',
  avif: 'AVIF',
  heic: 'HEIC',
  jxl: 'JPEG XL',
};

/**
 * The kind of picture that a file is by how it begins; `undefined` if it is none of those that a page opens.
 *
 * @param start the first 12 bytes, or more
 *
 * @example
 * pageFormatOf(Uint8Array.of(0xff, 0x0a)); // 'jxl'
 */
export function pageFormatOf(start: Uint8Array): PageFormat | undefined {
  const known = formatOfStart(start);
  if (known !== undefined) return known;
  const letters = String.fromCharCode(...start.subarray(0, 12));
  if (letters.startsWith('\xff\x0a') || letters.startsWith('\0\0\0\x0cJXL ')) return 'jxl';
  return /^.{4}ftyp(?:hei[cmsx]|hev[cmsx]|mif1|msf1)/s.test(letters) ? 'heic' : undefined;
}
