import { RevelaError } from '../errors.js';
import type { FileMetadata } from './metadata/file-metadata.js';
import { type Picture, type PictureFormat, quantize } from '../pixels/index.js';

/** Pixels of a page, as `ImageData` holds them: red, green, blue and opacity side by side, 8 bits each, row by row. */
export interface PageImage {
  readonly data: Uint8ClampedArray | Uint8Array;
  readonly width: number;
  readonly height: number;
  /** The kind of file that they came from; JPEG, WebP and AVIF are enlarged as what has lost detail. Default: none that loses anything. */
  readonly format?: PictureFormat;
  /** What its file says beside them; `encodeImage` writes it. */
  readonly metadata?: FileMetadata;
}

/** Pixels that Revela made, which may be handed over to a worker. */
export interface Pixels {
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
  /** Those of the image that they were made of. */
  readonly metadata?: FileMetadata;
}

/** The picture of pixels of a page; opacity is kept where any is less than full. */
export function pictureOfPage({ data, width, height, format = 'png' }: PageImage): Picture {
  const area = width * height;
  if (!Number.isSafeInteger(area) || area < 1 || data.length !== 4 * area)
    throw new RevelaError(
      `an image of ${width}×${height} pixels needs ${4 * area} values, got ${data.length}`,
    );
  const planes = new Float32Array(3 * area);
  let opaque = true;
  for (let i = 0; i < area; i++) {
    for (let c = 0; c < 3; c++) planes[c * area + i] = (data[4 * i + c] ?? 0) / 255;
    if (data[4 * i + 3] !== 255) opaque = false;
  }
  const alpha = opaque ? {} : { alpha: Uint8Array.from({ length: area }, (_, i) => data[4 * i + 3] ?? 0) };
  const lossless = format === 'png' || format === 'tiff';
  return { width, height, channels: 3, data: planes, bitDepth: 8, lossless, format, metadata: {}, ...alpha };
}

/** Pixels for a page: rounded half to even and clamped, as files of 8 bits are written. */
export function pageOfPicture(picture: Picture): Pixels {
  const { width, height, alpha } = picture;
  const samples = quantize(picture, 8);
  const data = new Uint8ClampedArray(4 * width * height);
  if (alpha !== undefined) data.set(samples);
  else
    for (let i = 0; i < width * height; i++) {
      for (let c = 0; c < 3; c++) data[4 * i + c] = samples[3 * i + c] ?? 0;
      data[4 * i + 3] = 255;
    }
  return { data, width, height };
}
