import { RevelaError } from '../errors.js';
import { turned } from '../images/anywhere.js';
import { startBytes } from '../pixels/index.js';
import { decodeExactPng } from './decode-png.js';
import { decodeByOwn, hasDecoder } from './decoders/index.js';
import { encodePng } from './encode-png.js';
import { fileMetadata, orientationIn } from './metadata/file-metadata.js';
import { fittedMetadata, jpegWith, webpWith } from './metadata/put-metadata.js';
import { formatNames, type PageFormat, pageFormatOf } from './page-format.js';
import { forScreen, type PageImage, type Pixels, type ScreenPixels } from './page-image.js';
import { readBlob } from './read-blob.js';
import { refuseTooLarge } from './refuse-too-large.js';
import { sizeOfFile } from './size-of-file.js';

const tooLarge = (width: number, height: number): RevelaError =>
  new RevelaError(`a picture of ${width}×${height} pixels is too large for this browser`, {
    code: 'ERR_TOO_LARGE',
  });

function canvasOf(width: number, height: number): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (context === null) throw tooLarge(width, height);
  return context;
}

/** A file that is not opened, in words. */
function unopened(file: Blob, format: PageFormat | undefined): RevelaError {
  const what = file instanceof File ? file.name : 'this file';
  return new RevelaError(
    format === undefined
      ? `the browser cannot open ${what}: it is no JPEG, PNG, WebP, TIFF, AVIF, HEIC or JPEG XL file`
      : `the browser cannot open ${what}: it begins like a ${formatNames[format]} file, and is damaged or of a kind that is not known`,
    { code: format === undefined ? 'ERR_NOT_AN_IMAGE' : 'ERR_DAMAGED_IMAGE' },
  );
}

/** Whether a WebP file keeps every value. */
async function isLosslessWebp(file: Blob): Promise<boolean> {
  for (let at = startBytes; at + 8 <= file.size; ) {
    const bytes = await readBlob(file, at, 8);
    const kind = String.fromCharCode(...bytes.subarray(0, 4));
    if (kind === 'VP8L' || kind === 'VP8 ') return kind === 'VP8L';
    const length = new DataView(bytes.buffer).getUint32(4, true);
    at += 8 + length + (length % 2);
  }
  return false;
}

/**
 * The pixels of a picture file: upright, by the browser's own decoder of 8 bits a value, TIFF files and PNG files of 16 bits or with
 * opacity value by value, not converted to other colours, which its colour profile describes. That and EXIF are kept.
 *
 * HEIC files are opened by libheif-js, JPEG XL by @jsquash/jxl, which makes the colours sRGB, and TIFF by geotiff, each loaded when the first
 * of them comes; where one is not installed the browser may open them.
 *
 * @throws RevelaError for a file that the browser cannot decode, or of more pixels than a page works on: that is said before they are decoded
 *
 * @example
 * const image = await decodeImage(file);
 */
export async function decodeImage(file: Blob): Promise<PageImage & Pixels> {
  // A name may say something else, and what has lost detail is enlarged by other weights.
  const format = pageFormatOf(await readBlob(file, 0, startBytes));
  const size = await sizeOfFile(file);
  if (size !== undefined) refuseTooLarge(size, 1);
  const bytes = await readBlob(file, 0, file.size);
  const metadata = await fileMetadata(bytes);
  const orientation = await orientationIn(bytes);
  const exact = format === 'png' ? await decodeExactPng(bytes, orientation) : undefined;
  if (exact !== undefined) return { ...exact, metadata, format: 'png' };
  if (hasDecoder(format)) return { ...(await decodedByOwn(file, format, bytes)), metadata, format };
  // Not every browser turns WebP upright: without its EXIF none does.
  const turning = format === 'webp' && orientation !== 1;
  const plain = turning ? new Blob([webpWith(bytes, {}, size ?? { width: 1, height: 1 })]) : file;
  const pixels = await decodedByBrowser(plain, () => unopened(file, format));
  const lossless = format === undefined || (format === 'webp' && (await isLosslessWebp(file)));
  const told = { metadata, ...(lossless ? {} : { format }) };
  if (!turning) return { ...pixels, ...told };
  const samples = new Uint8Array(pixels.data.buffer);
  const upright = turned({ ...pixels, samples }, 4, orientation, (length) => new Uint8Array(length));
  const { width, height } = upright;
  return { data: new Uint8ClampedArray(upright.samples), width, height, ...told };
}

/** By the decoder that is loaded for such files, or where that does not open it by the browser's, which may know its kind. */
async function decodedByOwn(file: Blob, format: PageFormat, bytes: Uint8Array<ArrayBuffer>): Promise<Pixels> {
  try {
    return await decodeByOwn(format, bytes);
  } catch (error) {
    return decodedByBrowser(file, () => (error instanceof RevelaError ? error : unopened(file, format)));
  }
}

async function decodedByBrowser(file: Blob, unopened: () => RevelaError): Promise<ScreenPixels> {
  const bitmap = await createImageBitmap(file, {
    colorSpaceConversion: 'none',
    premultiplyAlpha: 'none',
    imageOrientation: 'from-image',
  }).catch(() => {
    throw unopened();
  });
  const { width, height } = bitmap;
  try {
    return { data: pixelsOf(bitmap), width, height };
  } catch {
    throw tooLarge(width, height);
  } finally {
    bitmap.close();
  }
}

/** Pixels that are read at once: more would lie in memory several times over. */
const READ = 2 ** 20;

function pixelsOf(bitmap: ImageBitmap): Uint8ClampedArray<ArrayBuffer> {
  const { width, height } = bitmap;
  const data = new Uint8ClampedArray(4 * width * height);
  const high = Math.min(height, Math.max(1, Math.floor(READ / width)));
  const context = canvasOf(width, high);
  context.globalCompositeOperation = 'copy';
  for (let y = 0; y < height; y += high) {
    const rows = Math.min(high, height - y);
    context.drawImage(bitmap, 0, y, width, rows, 0, 0, width, rows);
    data.set(context.getImageData(0, 0, width, rows).data, 4 * width * y);
  }
  return data;
}

/**
 * A file of pixels, with the metadata of their image: PNG value by value, JPEG and WebP by the browser's own encoder.
 *
 * @param quality from 0 to 100, of JPEG and WebP
 * @throws RevelaError where the browser has no encoder for it
 *
 * @example
 * const { image: clean } = await revela.denoise(image);
 * const blob = await encodeImage(clean, 'jpeg', 92); // with the colour profile and the EXIF of the image
 */
export async function encodeImage(
  image: Pixels,
  format: 'png' | 'jpeg' | 'webp' = 'png',
  quality = 92,
): Promise<Blob> {
  const { data, width, height } = forScreen(image);
  const metadata = fittedMetadata(image.metadata ?? {}, image);
  if (format === 'png') return encodePng(image, metadata);
  const context = canvasOf(width, height);
  context.putImageData(new ImageData(data, width, height), 0, 0);
  const type = `image/${format}`;
  const blob = await context.canvas.convertToBlob({ type, quality: quality / 100 });
  // Its memory would be held until it is collected.
  context.canvas.width = 0;
  if (blob.type !== type) throw new RevelaError(`this browser cannot write ${format.toUpperCase()} files`);
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const whole = format === 'jpeg' ? jpegWith(bytes, metadata) : webpWith(bytes, metadata, image);
  return new Blob([whole], { type });
}
