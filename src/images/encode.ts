import type { Sharp } from 'sharp';
import { type ErrorFacts, RevelaError } from '../errors.js';
import { muchInThread } from '../in-thread.js';
import { type Picture, type PictureFormat, pictureFormats, quantize } from '../pixels/index.js';
import type { PictureDescription } from './describe.js';
import { type FormatFacts, formats } from './formats.js';
import { loadSharp } from './load-sharp.js';
import { checkValue } from '../options/index.js';
import { type Encoding, encodingOptions } from './picture-options.js';
import { withMetadata } from './write-metadata.js';

/** Quality of lossy files unless the caller says otherwise: artefacts stay below what the eye sees. */
export const defaultQuality = 95;

/** A picture file, and what of the picture and its metadata is not in it, for people. */
export interface EncodedPicture {
  readonly bytes: Uint8Array;
  readonly lost: readonly string[];
}

/** A picture with the samples of a file in place of its values: a quarter or half of their memory. */
export interface RoundedPicture extends Omit<Picture, 'data' | 'alpha'> {
  /** Row by row, those of a pixel side by side, its opacity last. */
  readonly samples: Uint8Array | Uint16Array;
  readonly hasAlpha: boolean;
  /** The kind of file that they are for. */
  readonly format: PictureFormat;
}

/**
 * A picture as a kind of file holds it.
 *
 * @throws RevelaError if a value is not a number
 */
export async function roundedPicture(picture: Picture, format: PictureFormat): Promise<RoundedPicture> {
  const { data, alpha, ...facts } = picture;
  const area = facts.width * facts.height;
  if (data.length !== facts.channels * area || (alpha !== undefined && alpha.length !== area)) {
    throw new Error(
      `expected ${facts.channels}×${facts.height}×${facts.width} values and one alpha a pixel, got ${data.length} and ${alpha?.length ?? 0}`,
    );
  }
  const samples = await quantizeAside(picture, bitsIn(picture, format));
  return { ...facts, samples, hasAlpha: alpha !== undefined, format };
}

/**
 * The bytes of a picture file, with the metadata that the format can hold, which is read again and compared.
 *
 * @param name what messages call the file
 * @throws RevelaError if the format cannot hold the picture (alpha, size)
 */
export async function encode(
  picture: RoundedPicture,
  encoding: Encoding,
  name: string,
): Promise<EncodedPicture> {
  const { format } = picture;
  checkHolds(picture, encoding, name);
  const bits = bitsIn(picture, format);
  const encoded = await withFormat(await pixelsOf(picture, bits), picture, bits, encoding)
    .toBuffer()
    .catch((error: unknown) => {
      const reason = error instanceof Error ? error.message.trim().split('\n')[0] : String(error);
      throw new RevelaError(`cannot encode ${name} as ${formats[format].name} (${reason}); try a .png file`, {
        cause: error,
      });
    });
  const own = picture.sampleBits ?? picture.bitDepth;
  const depth = picture.bitDepth === 16 && bits < own ? [`${own} bits a sample (${bits} are written)`] : [];
  const { bytes, lost } = await withMetadata(encoded, picture, format, encoding.lossless === true ? 0 : 6);
  return { bytes, lost: [...new Set([...depth, ...(picture.metadata.lost ?? []), ...lost])] };
}

/** The bits of the samples that are written. */
function bitsIn(
  { bitDepth, sampleBits = 12 }: Pick<Picture, 'bitDepth' | 'sampleBits'>,
  format: PictureFormat,
): 8 | 10 | 12 | 16 {
  if (bitDepth === 8) return 8;
  return format === 'avif' ? sampleBits : formats[format].deep ? 16 : 8;
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
      refusal(format, 'a format with transparency', ({ alpha }) => alpha),
    );
  }
  if (Math.max(width, height) > facts.maxSide) {
    throw new RevelaError(
      `${name}: ${width}×${height} is larger than ${facts.name} can hold (${facts.maxSide} a side); write a .png or .tif file instead`,
      refusal(
        format,
        `a format for ${width}×${height} pixels`,
        ({ maxSide }) => Math.max(width, height) <= maxSide,
      ),
    );
  }
}

/** The facts of an error for a format that does not do: which do. */
function refusal(
  received: PictureFormat,
  what: string,
  does: (facts: FormatFacts, format: PictureFormat) => boolean,
): Pick<ErrorFacts, 'code' | 'option' | 'expected' | 'received'> {
  const others = pictureFormats.filter((format) => does(formats[format], format));
  return { code: 'ERR_FORMAT', option: 'format', expected: `${what}: ${others.join(', ')}`, received };
}

/** Refuses a picture that the format would damage. */
function checkHolds(
  { width, height, hasAlpha, format }: RoundedPicture,
  { quality = defaultQuality, lossless = false }: Encoding,
  name: string,
): void {
  if (lossless && format === 'jpeg')
    throw new RevelaError(
      `${name}: JPEG files lose something always; write a .png file instead`,
      refusal(format, 'a format that can be lossless', (_, other) => other !== 'jpeg'),
    );
  checkValue(encodingOptions.quality, quality, 'quality');
  checkFormatHolds({ width, height, hasAlpha }, format, name);
}

/** Quantised in another thread: a large picture keeps the caller's busy for a second. */
export const quantizeAside = muchInThread(
  new URL('../pixels/index.js', import.meta.url),
  quantize,
  ({ data }) => data.length,
);

async function pixelsOf(
  { width, height, channels, hasAlpha, samples }: RoundedPicture,
  bits: 8 | 10 | 12 | 16,
): Promise<Sharp> {
  const spaces = bits === 8 ? (['b-w', 'srgb'] as const) : (['grey16', 'rgb16'] as const);
  const sharp = await loadSharp();
  return sharp(samples, {
    raw: { width, height, channels: hasAlpha ? (channels === 1 ? 2 : 4) : channels },
    limitInputPixels: false,
  }).toColourspace(spaces[channels === 1 ? 0 : 1]); // without it, 16 bits silently become 8
}

function withFormat(
  image: Sharp,
  { format, hasAlpha, lossless: wasLossless }: RoundedPicture,
  bits: 8 | 10 | 12 | 16,
  { quality, lossless = quality === undefined && wasLossless === true && format === 'webp' }: Encoding,
): Sharp {
  switch (format) {
    case 'jpeg':
      return image.jpeg({ quality: quality ?? defaultQuality, chromaSubsampling: '4:4:4' });
    case 'png':
      return image.png();
    case 'webp':
      // `exact` keeps the colours under transparent pixels; alpha of quality 100 is lossless.
      return lossless
        ? image.webp({ lossless, exact: true })
        : image.webp({
            quality: quality ?? defaultQuality,
            alphaQuality: 100,
            exact: true,
            smartSubsample: true,
          });
    case 'tiff':
      return image.tiff({ compression: 'deflate', predictor: 'horizontal' });
    case 'avif':
      // The encoder compresses the alpha like the colours, and keeps it exactly only at quality 100.
      return image.avif({
        quality: hasAlpha ? 100 : (quality ?? defaultQuality),
        chromaSubsampling: '4:4:4',
        bitdepth: bits === 16 ? 12 : bits,
        lossless,
      });
  }
}
