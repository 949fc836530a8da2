import { RevelaError } from '../errors.js';
import { type LeanPicture, type Picture, quantize, unpackedValues } from '../pixels/index.js';
import { present } from '../present.js';
import type { FileMetadata } from './metadata/file-metadata.js';
import type { PageFormat } from './page-format.js';

/**
 * Pixels of a page, as `ImageData` holds them: red, green, blue and opacity side by side, row by row, of 8 bits each, or of 16 in a
 * `Uint16Array`.
 */
export interface PageImage {
  readonly data: Uint8ClampedArray | Uint8Array | Uint16Array;
  readonly width: number;
  readonly height: number;
  /** The kind of file that they came from; all but PNG and TIFF are enlarged as what has lost detail. Default: none that loses anything. */
  readonly format?: PageFormat;
  /** What its file says beside them; `encodeImage` writes it. */
  readonly metadata?: FileMetadata;
}

/** Pixels of 8 bits, for a canvas. */
export interface ScreenPixels {
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}

/** Pixels that Revela made, of as many bits as those that they were made of; they may be handed over to a worker. */
export interface Pixels {
  readonly data: Uint8ClampedArray<ArrayBuffer> | Uint16Array<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
  /** Those of the image that they were made of. */
  readonly metadata?: FileMetadata;
}

/** What each sample of 8 or 16 bits stands for. */
const worth = (white: number): Float32Array => Float32Array.from({ length: white + 1 }, (_, i) => i / white);

/** The opacity of pixels; `undefined` where all are seen whole. */
function opacityOf({ data, width, height }: PageImage, white: number): Picture['alpha'] {
  const area = width * height;
  let first = 0;
  while (first < area && data[4 * first + 3] === white) first += 1;
  if (first === area) return undefined;
  const opacity = white > 255 ? new Uint16Array(area) : new Uint8Array(area);
  for (let i = 0; i < area; i++) opacity[i] = data[4 * i + 3] ?? 0;
  return opacity;
}

/**
 * The picture of pixels of a page, whose values stay where they lie; opacity is kept where any is less than full.
 *
 * @throws RevelaError where there are not as many values as pixels
 */
export function leanPictureOfPage(image: PageImage): LeanPicture {
  const { data, width, height, format = 'png' } = image;
  const area = width * height;
  if (!Number.isSafeInteger(area) || area < 1 || data.length !== 4 * area)
    throw new RevelaError(
      `an image of ${width}×${height} pixels needs ${4 * area} values, got ${data.length}`,
    );
  const deep = data instanceof Uint16Array;
  const white = deep ? 65_535 : 255;
  const samples = deep ? data : new Uint8Array(data.buffer, data.byteOffset, data.length);
  // Node's pictures are never of these kinds, and nothing goes by it but how they are enlarged, which is told.
  const nearest = format === 'heic' || format === 'jxl' ? 'avif' : format;
  return {
    ...{ width, height, channels: 3, data: { samples, pixelStep: 4, values: worth(white) } },
    ...{ bitDepth: deep ? 16 : 8, lossless: format === 'png' || format === 'tiff', format: nearest },
    ...{ metadata: {}, ...present({ alpha: opacityOf(image, white) }) },
  };
}

/** The picture of pixels of a page, of floats; see {@link leanPictureOfPage}. */
export function pictureOfPage(image: PageImage): Picture {
  const picture = leanPictureOfPage(image);
  const { channels, width, height, data } = picture;
  if (data instanceof Float32Array) return { ...picture, data };
  const planes = new Float32Array(channels * width * height);
  return { ...picture, data: unpackedValues(data, planes, { channels, width, height }) };
}

/** Pixels for a page: rounded half to even and clamped, as files of 8 or 16 bits are written. */
export function pageOfPicture(picture: Picture): Pixels {
  const { width, height, alpha, bitDepth } = picture;
  const samples = quantize(picture, bitDepth);
  const length = 4 * width * height;
  const data = bitDepth === 16 ? new Uint16Array(length) : new Uint8ClampedArray(length);
  if (alpha !== undefined) data.set(samples);
  else
    for (let i = 0; i < width * height; i++) {
      for (let c = 0; c < 3; c++) data[4 * i + c] = samples[3 * i + c] ?? 0;
      data[4 * i + 3] = 2 ** bitDepth - 1;
    }
  return { data, width, height };
}

/**
 * Pixels for a canvas: those of 16 bits rounded to 8, others as they are.
 *
 * @example
 * const { data, width, height } = forScreen(image);
 * context.putImageData(new ImageData(data, width, height), 0, 0);
 */
export function forScreen({ data, width, height }: PageImage): ScreenPixels {
  if (data instanceof Uint16Array) {
    const rounded = new Uint8ClampedArray(data.length);
    for (let i = 0; i < data.length; i++) rounded[i] = (data[i] ?? 0) / 257;
    return { data: rounded, width, height };
  }
  const { buffer, byteOffset, length } = data;
  return buffer instanceof ArrayBuffer
    ? { data: new Uint8ClampedArray(buffer, byteOffset, length), width, height }
    : { data: new Uint8ClampedArray(data), width, height };
}
