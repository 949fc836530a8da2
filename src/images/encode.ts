import sharp, { type Sharp } from 'sharp';
import { RevelaError } from '../errors.js';
import type { PictureDescription } from './describe.js';
import { tiffWithExif } from './exif-tiff.js';
import { formats, type PictureFormat } from './formats.js';
import { isGreyProfile } from './icc.js';
import { unknownDensity, usableDensity } from './metadata.js';
import { metadataCarrier } from './metadata-carrier.js';
import type { Picture, PictureMetadata } from './picture.js';
import { bandsOf, quantize } from './quantize.js';

/** Quality of lossy files unless the caller says otherwise: artefacts stay below what the eye sees. */
export const defaultQuality = 95;

/**
 * The bytes of a picture file, with the metadata that the format can hold; without any where the encoder refuses it.
 *
 * @param name what messages call the file
 * @throws RevelaError if the format cannot hold the picture (alpha, size) or a value is not a number
 */
export async function encode(
  picture: Picture,
  format: PictureFormat,
  quality: number,
  name: string,
): Promise<Uint8Array> {
  checkHolds(picture, format, quality, name);
  const metadata = fitMetadata(picture, format);
  try {
    return await encodeWith(metadata, picture, format, quality);
  } catch (error) {
    // What a file says beside its pixels is other people's; it is no reason to lose them.
    const bare = Object.keys(metadata).length === 0 ? undefined : encodeWith({}, picture, format, quality);
    const encoded = await bare?.catch(() => undefined);
    if (encoded !== undefined) return encoded;
    const reason = error instanceof Error ? error.message.trim().split('\n')[0] : String(error);
    throw new RevelaError(`cannot encode ${name} as ${formats[format].name} (${reason}); try a .png file`, {
      cause: error,
    });
  }
}

async function encodeWith(
  metadata: PictureMetadata,
  picture: Picture,
  format: PictureFormat,
  quality: number,
): Promise<Uint8Array> {
  const bitDepth = formats[format].deep ? picture.bitDepth : 8;
  const image = pixelsOf(picture, bitDepth, metadata);
  const encoded = await withFormat(image, picture, metadata, format, quality).toBuffer();
  if (format !== 'tiff' || metadata.exif === undefined) return encoded;
  return tiffWithExif(encoded, metadata.exif, picture.width, picture.height);
}

/**
 * Checks, before any work is done, that a file of this format can hold a picture of this size and transparency.
 *
 * @param name what messages call the file
 * @throws RevelaError if the format has no transparency and the picture has, or a side is too long
 *
 * @example
 * checkFormatHolds(await describePicture('logo.png'), 'jpeg', 'logo.jpg'); // throws: JPEG cannot hold transparency
 */
export function checkFormatHolds(
  { width, height, hasAlpha }: Pick<PictureDescription, 'width' | 'height' | 'hasAlpha'>,
  format: PictureFormat,
  name: string,
): void {
  const facts = formats[format];
  if (hasAlpha && !facts.alpha) {
    throw new RevelaError(
      `${name}: ${facts.name} cannot hold the picture's transparency; write a .png file instead`,
    );
  }
  if (Math.max(width, height) > facts.maxSide) {
    throw new RevelaError(
      `${name}: ${width}×${height} is larger than ${facts.name} can hold (${facts.maxSide} a side); write a .png or .tif file instead`,
    );
  }
}

/** Refuses a picture that the format would damage. */
function checkHolds(
  { width, height, alpha, data, channels }: Picture,
  format: PictureFormat,
  quality: number,
  name: string,
): void {
  if (!(Number.isInteger(quality) && quality >= 1 && quality <= 100)) {
    throw new RevelaError(`quality must be a whole number from 1 to 100, not ${quality}`);
  }
  checkFormatHolds({ width, height, hasAlpha: alpha !== undefined }, format, name);
  const area = width * height;
  if (data.length !== channels * area || (alpha !== undefined && alpha.length !== area)) {
    throw new Error(
      `expected ${channels}×${height}×${width} values and one alpha a pixel, got ${data.length} and ${alpha?.length ?? 0}`,
    );
  }
}

/**
 * Files of some kinds have no grey; red, green and blue under a grey profile would be an invalid file. A density that no
 * format holds is left out.
 */
function fitMetadata({ channels, metadata }: Picture, format: PictureFormat): PictureMetadata {
  const { icc, density: claimed, ...others } = metadata;
  const keep = icc !== undefined && isGreyProfile(icc) === (channels === 1 && formats[format].grey);
  const density = usableDensity(claimed);
  return { ...(keep && { icc }), ...others, ...(density !== undefined && { density }) };
}

function pixelsOf(picture: Picture, bitDepth: 8 | 16, metadata: PictureMetadata): Sharp {
  const { width, height, channels } = picture;
  const bands = bandsOf(picture);
  const spaces = bitDepth === 8 ? (['b-w', 'srgb'] as const) : (['grey16', 'rgb16'] as const);
  const image = sharp(quantize(picture, bitDepth), {
    raw: { width, height, channels: bands === 1 ? 1 : bands === 2 ? 2 : bands === 3 ? 3 : 4 },
    limitInputPixels: false,
  })
    .toColourspace(spaces[channels === 1 ? 0 : 1]) // without it, 16 bits silently become 8
    .boolean(metadataCarrier(bands, metadata), 'or')
    .keepIccProfile()
    .keepXmp();
  // This also keeps the EXIF, or makes one that holds the density alone.
  const { exif, density } = metadata;
  if (exif !== undefined || density !== undefined) image.withDensity(density ?? unknownDensity);
  return image;
}

function withFormat(
  image: Sharp,
  { alpha }: Picture,
  { density }: PictureMetadata,
  format: PictureFormat,
  quality: number,
): Sharp {
  const resolution = density === undefined ? undefined : density / 25.4; // pixels per millimetre
  switch (format) {
    case 'jpeg':
      return image.jpeg({ quality, chromaSubsampling: '4:4:4' });
    case 'png':
      return image.png();
    case 'webp':
      // `exact` keeps the colours under transparent pixels; alpha of quality 100 is lossless.
      return image.webp({ quality, alphaQuality: 100, exact: true, smartSubsample: true });
    case 'tiff':
      return image.tiff({
        compression: 'deflate',
        predictor: 'horizontal',
        ...(resolution !== undefined && { xres: resolution, yres: resolution }),
      });
    case 'avif':
      // The encoder compresses the alpha like the colours, and keeps it exactly only at quality 100.
      return image.avif({ quality: alpha === undefined ? quality : 100, chromaSubsampling: '4:4:4' });
  }
}
