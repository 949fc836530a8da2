import { extname } from 'node:path';
import { optionError } from '../errors.js';
import { type PictureFormat, pictureFormats } from '../pixels/index.js';

export { formatOfStart, startBytes } from '../pixels/index.js';

/** The kinds of file that a picture can be made into, with their usual short names. */
export type FormatName = PictureFormat | 'jpg' | 'tif';

/** What one kind of file can hold. */
export interface FormatFacts {
  /** As people write it, for messages. */
  readonly name: string;
  /** The extension given to new files of this kind. */
  readonly extension: string;
  /** Whether 16-bit samples are written as they are; otherwise the file has 8 bits. */
  readonly deep: boolean;
  readonly alpha: boolean;
  /** Whether a one-channel picture stays one channel in the file. */
  readonly grey: boolean;
  /** The largest width or height the encoder takes. */
  readonly maxSide: number;
}

export const formats: Readonly<Record<PictureFormat, FormatFacts>> = {
  jpeg: { name: 'JPEG', extension: '.jpg', deep: false, alpha: false, grey: true, maxSide: 65_500 },
  png: { name: 'PNG', extension: '.png', deep: true, alpha: true, grey: true, maxSide: 2 ** 31 - 1 },
  webp: { name: 'WebP', extension: '.webp', deep: false, alpha: true, grey: false, maxSide: 16_383 },
  tiff: { name: 'TIFF', extension: '.tif', deep: true, alpha: true, grey: true, maxSide: 2 ** 31 - 1 },
  avif: { name: 'AVIF', extension: '.avif', deep: false, alpha: true, grey: false, maxSide: 16_384 },
};

const formatByExtension: ReadonlyMap<string, PictureFormat> = new Map([
  ['.jpg', 'jpeg'],
  ['.jpeg', 'jpeg'],
  ['.jpe', 'jpeg'],
  ['.jfif', 'jpeg'],
  ['.png', 'png'],
  ['.webp', 'webp'],
  ['.tif', 'tiff'],
  ['.tiff', 'tiff'],
  ['.avif', 'avif'],
]);

const cameraRawExtensions: ReadonlySet<string> = new Set(
  '.3fr .arw .cr2 .cr3 .crw .dcr .dng .erf .iiq .kdc .mef .mos .mrw .nef .nrw .orf .pef .raf .raw .rw2 .rwl .sr2 .srf .srw .x3f'.split(
    ' ',
  ),
);

/** The kinds listed in messages. */
export const supportedKinds = 'JPEG, PNG, WebP, TIFF or AVIF';

/**
 * The kind of picture that a file name stands for, by its extension in any case; `undefined` if it has none of
 * the known ones.
 *
 * @example
 * formatOfPath('holiday/IMG_1.JPG'); // 'jpeg'
 */
export function formatOfPath(path: string): PictureFormat | undefined {
  return formatByExtension.get(extname(path).toLowerCase());
}

/**
 * The kind of picture that a name stands for.
 *
 * @throws OptionError for what is no kind of picture file that can be written
 *
 * @example
 * formatNamed('jpg'); // 'jpeg'
 */
export function formatNamed(name: string): PictureFormat {
  const long = name === 'jpg' ? 'jpeg' : name === 'tif' ? 'tiff' : name;
  const format = pictureFormats.find((one) => one === long);
  if (format !== undefined) return format;
  throw optionError('format', `one of ${pictureFormats.join(', ')}`, name);
}

/** Whether the name is that of a camera's raw file, many of which look like a TIFF with a tiny preview. */
export function isCameraRaw(path: string): boolean {
  return cameraRawExtensions.has(extname(path).toLowerCase());
}
