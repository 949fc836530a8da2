import type { PictureFormat } from './picture.js';

/** So many bytes tell the kind of a file. */
export const startBytes = 12;

/**
 * The kind of picture that a file is by how it begins; `undefined` if it is none of those that are read.
 *
 * @example
 * formatOfStart(Buffer.from('\x89PNG\r\n', 'latin1')); // 'png'
 */
export function formatOfStart(bytes: Uint8Array): PictureFormat | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, startBytes));
  if (start.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (start.startsWith('\x89PNG')) return 'png';
  if (/^(II[*+]\0|MM\0[*+])/.test(start)) return 'tiff';
  if (start.startsWith('RIFF') && start.endsWith('WEBP')) return 'webp';
  return /ftypavi[fs]$/.test(start) ? 'avif' : undefined;
}
