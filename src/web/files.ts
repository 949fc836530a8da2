import { RevelaError } from '../errors.js';
import { encodePng } from './encode-png.js';
import type { PageImage } from './page-image.js';
import type { Pixels } from './protocol.js';

const kinds: Readonly<Record<string, 'jpeg' | 'png' | 'webp'>> = {
  'image/jpeg': 'jpeg',
  'image/png': 'png',
  'image/webp': 'webp',
};

function canvasOf(width: number, height: number): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (context === null)
    throw new RevelaError(`a picture of ${width}×${height} pixels is too large for this browser`);
  return context;
}

/**
 * The pixels of a picture file, by the browser's own decoder: upright, 8 bits, not converted to other colours. Its metadata and its
 * colour profile are not read.
 *
 * @throws RevelaError for a file that the browser cannot decode
 *
 * @example
 * const image = await decodeImage(input.files[0]);
 */
export async function decodeImage(
  file: Blob,
): Promise<PageImage & { readonly data: Uint8ClampedArray<ArrayBuffer> }> {
  const bitmap = await createImageBitmap(file, {
    colorSpaceConversion: 'none',
    premultiplyAlpha: 'none',
    imageOrientation: 'from-image',
  }).catch(() => {
    throw new RevelaError('this is no picture that the browser can open; JPEG, PNG and WebP are');
  });
  const { width, height } = bitmap;
  const context = canvasOf(width, height);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  const format = kinds[file.type];
  return { data: new Uint8ClampedArray(data), width, height, ...(format === undefined ? {} : { format }) };
}

/**
 * A file of pixels, without metadata: PNG value by value, JPEG and WebP by the browser's own encoder.
 *
 * @param quality from 0 to 100, of JPEG and WebP
 * @throws RevelaError where the browser has no encoder for it
 *
 * @example
 * const blob = await encodeImage(result.image, 'jpeg', 92);
 */
export async function encodeImage(
  image: Pixels,
  format: 'png' | 'jpeg' | 'webp' = 'png',
  quality = 92,
): Promise<Blob> {
  if (format === 'png') return encodePng(image);
  const { data, width, height } = image;
  const context = canvasOf(width, height);
  context.putImageData(new ImageData(data, width, height), 0, 0);
  const type = `image/${format}`;
  const blob = await context.canvas.convertToBlob({ type, quality: quality / 100 });
  if (blob.type !== type) throw new RevelaError(`this browser cannot write ${format.toUpperCase()} files`);
  return blob;
}
