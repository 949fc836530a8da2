import type { Metadata } from 'sharp';
import { loadSharp } from './load-sharp.js';
import { RevelaError, withFacts } from '../errors.js';
import { ordinaryTiff } from './big-tiff.js';
import { checkDecodable } from './decoding-limit.js';
import { formatOfStart, isCameraRaw, supportedKinds } from './formats.js';
import type { PictureFormat } from '../pixels/index.js';
import { assembleJpeg, isForDecoder, parseJpeg } from './jpeg-file.js';
import { foundMetadata } from './metadata.js';
import { isOrientation, type Orientation, orientationOf, swapsSides } from './orientation.js';
import { unreadKind } from './other-kinds.js';
import { specialFacts } from './special-facts.js';
import { orientationInXmp } from './xmp.js';

/** What the header of a picture says, checked: a picture with these facts can be decoded, unless it is damaged. */
export interface Header {
  readonly format: PictureFormat;
  /** Upright, after the orientation of the file is applied. */
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly hasAlpha: boolean;
  readonly bitDepth: 8 | 16;
  /** 10 or 12 in AVIF files of so many bits, which count as 16. */
  readonly sampleBits?: 10 | 12;
  /** Whether it is a WebP file that keeps every value. */
  readonly lossless: boolean;
  /** How the decoder gives the pixels. */
  readonly orientation: Orientation;
  /** The sample value of white as it comes from the decoder. */
  readonly white: number;
  /** Whether the decoder's values lie between 16 and 235 of 255 and are to be spread to the whole range. */
  readonly narrow: boolean;
  readonly raw: Metadata;
}

/**
 * Reads and checks the header of a picture.
 *
 * @param bytes the file; of a JPEG file at least what stands before the pixels
 * @param name what messages call it
 * @param maxMegapixels larger pictures are refused; default: as {@link checkDecodable}
 * @param fileSize bytes of the whole file
 * @throws RevelaError if it is no picture, damaged, of an unsupported kind, animated, CMYK or too large
 */
export async function inspect(
  bytes: Uint8Array,
  name: string,
  maxMegapixels?: number,
  fileSize = bytes.length,
): Promise<Header> {
  try {
    return await headerOf(bytes, name, maxMegapixels, fileSize);
  } catch (error) {
    throw withFacts(error, { code: 'ERR_UNSUPPORTED_IMAGE' });
  }
}

async function headerOf(
  bytes: Uint8Array,
  name: string,
  maxMegapixels: number | undefined,
  fileSize: number,
): Promise<Header> {
  const other = unreadKind(bytes);
  if (other !== undefined) throw otherKindError(other, name);
  const special = specialFacts(bytes);
  if (special.frames > 1) throw severalPictures(special.frames, name);
  if (special.impossibleSize !== undefined)
    throw new RevelaError(
      `${name} is damaged: it claims to have ${special.impossibleSize} pixels; copy it again from where it came`,
    );
  if (special.bits !== undefined)
    throw new RevelaError(
      `${name} has ${special.bits} bits a sample, which are not read; convert it to a PNG or TIFF file of 8 or 16 bits first`,
    );
  if (special.colours === 'raw') throw cameraRawError(name);
  if (special.colours === 'Lab')
    throw new RevelaError(`${name} has Lab colours, which are not read; convert it to RGB first`);
  if (special.greyInPlanes)
    throw new RevelaError(
      `${name} keeps grey and alpha in planes of their own (PlanarConfiguration 2), which are not read; save it with both side by side (interleaved)`,
    );
  if (special.oldJpeg)
    throw new RevelaError(
      `${name} is compressed as JPEG was in old TIFF files, which is not read; save it again from a program that opens it`,
    );
  const raw = await readHeader(bytes, name);
  if (special.yCbCr === true && !raw.hasAlpha)
    throw new RevelaError(`${name} has YCbCr colours of a kind that is not read; convert it to RGB first`);
  const format = supportedFormat(raw, name);
  if (special.firstIsNoPage)
    throw new RevelaError(
      `${name} begins with a smaller copy of its picture, or a mask; save the picture as a file of its own`,
    );
  const pages = special.pages ?? (raw.pages ?? 1) - special.copies;
  if (pages > 1) throw severalPictures(pages, name);
  const orientation = orientationIn(bytes, format, raw);
  const lying = { width: raw.width, height: raw.height };
  const [width, height] = swapsSides(orientation) ? [lying.height, lying.width] : [lying.width, lying.height];
  const { channels, bitDepth } = supportedSamples(raw, name);
  const hasAlpha = raw.hasAlpha && special.noAlpha !== true;
  checkDecodable({ width, height, channels, hasAlpha, bitDepth, fileSize }, name, maxMegapixels);
  const bits = format === 'avif' && bitDepth === 16 ? raw.bitsPerSample : undefined;
  return {
    format,
    width,
    height,
    channels,
    hasAlpha,
    bitDepth,
    ...((bits === 10 || bits === 12) && { sampleBits: bits }),
    lossless: special.lossless,
    orientation,
    white: whiteLevel(raw, format, bitDepth),
    narrow: special.narrow === true,
    raw,
  };
}

function severalPictures(count: number, name: string): RevelaError {
  const number = count > 65_535 ? 'several' : count;
  return new RevelaError(
    `${name} holds ${number} pictures (an animation or pages); save the one you want as a file of its own`,
  );
}

function otherKindError(kind: string, name: string): RevelaError {
  return new RevelaError(
    `${name} is a ${kind} file; expected ${supportedKinds}: convert it to PNG or TIFF first`,
  );
}

/**
 * How the pixels lie, by the EXIF, or by the XMP where there is none that says it. Decoders of AVIF turn them, whatever
 * those say there; others do not.
 */
function orientationIn(bytes: Uint8Array, format: PictureFormat, raw: Metadata): Orientation {
  if (format === 'avif') return 1;
  const { exif = new Uint8Array(), xmp = '' } = foundMetadata({ format, channels: 3, raw }, bytes);
  const said = orientationOf(format === 'tiff' ? ordinaryTiff(bytes) : exif) ?? orientationInXmp(xmp);
  return isOrientation(said) ? said : 1;
}

async function readHeader(bytes: Uint8Array, name: string): Promise<Metadata> {
  try {
    // The limit is checked here rather than by sharp, whose message does not say what to do.
    const sharp = await loadSharp();
    return await sharp(forDecoder(bytes), { limitInputPixels: false }).metadata();
  } catch (error) {
    if (isCameraRaw(name)) throw cameraRawError(name);
    const unknown = error instanceof Error && error.message.includes('unsupported image format');
    if (unknown && formatOfStart(bytes) === undefined) {
      throw new RevelaError(`${name} is not a picture that can be read; expected ${supportedKinds}`, {
        code: 'ERR_NOT_AN_IMAGE',
      });
    }
    throw damagedError(name, error);
  }
}

/**
 * The file as the decoder gets it: a JPEG file without what stands beside its pixels, which is read here, and which makes
 * the decoder choose another way for pictures with a gain map.
 */
export function forDecoder(bytes: Uint8Array): Uint8Array {
  const jpeg = parseJpeg(bytes);
  return jpeg === undefined ? bytes : assembleJpeg(jpeg.segments.filter(isForDecoder), jpeg.rest);
}

/** The error for a file whose beginning is right and whose rest is not. */
export function damagedError(name: string, error: unknown): RevelaError {
  const lines = (error instanceof Error ? error.message : String(error)).trim().split('\n');
  // What a decoder looked for behind the end says less than what it says of that.
  const reason = lines.find((line) => !line.includes('bad seek')) ?? lines[0] ?? '';
  const detail = reason.replace(/^Input (file|buffer) has corrupt header:?\s*/, '').trim();
  if (
    /unsupported (?!image format)|not supported|unimplemented|not implemented|not configured|not a whole number of bytes|can not handle image/i.test(
      detail,
    )
  )
    return new RevelaError(
      `${name} is of a kind that is not read (${detail}); convert it to an ordinary PNG or TIFF file first`,
      { cause: error },
    );
  const [, missing] = /required field (\d+) missing/.exec(detail) ?? [];
  if (missing !== undefined)
    return new RevelaError(
      `${name} lacks the field ${missing}, which TIFF files must have; save it again from a program that opens it`,
      { cause: error, code: 'ERR_DAMAGED_IMAGE' },
    );
  return new RevelaError(
    `${name} is damaged or cut short${detail === '' ? '' : ` (${detail})`}; copy it again from where it came`,
    { cause: error, code: 'ERR_DAMAGED_IMAGE' },
  );
}

function cameraRawError(name: string): RevelaError {
  return new RevelaError(`${name} is a camera raw file; develop it first and save it as a 16-bit TIFF`);
}

function supportedFormat(raw: Metadata, name: string): PictureFormat {
  // Camera raw files often begin as a TIFF whose first page is a thumbnail.
  if (raw.format === 'tiff' && isCameraRaw(name)) throw cameraRawError(name);
  if (raw.format === 'heif' && raw.compression === 'av1') return 'avif';
  for (const format of ['jpeg', 'png', 'webp', 'tiff'] as const) {
    if (raw.format === format) return format;
  }
  throw otherKindError(
    raw.format === 'heif' ? 'HEIC' : (raw.format?.toUpperCase() ?? 'kind of picture that is unknown'),
    name,
  );
}

function supportedSamples(raw: Metadata, name: string): { channels: 1 | 3; bitDepth: 8 | 16 } {
  if (raw.space === 'cmyk') {
    throw new RevelaError(`${name} has CMYK colours, which are for printing; convert it to RGB first`);
  }
  if (raw.depth !== 'uchar' && raw.depth !== 'ushort') {
    throw new RevelaError(
      `${name} has ${sampleKinds[raw.depth ?? ''] ?? `samples of type ${raw.depth}`}, which are not read; convert it to whole numbers of 8 or 16 bits without a sign first`,
    );
  }
  const colours = raw.channels - (raw.hasAlpha ? 1 : 0);
  const channels = colours === 1 ? 1 : colours === 3 ? 3 : undefined;
  const known =
    raw.space === 'srgb' || raw.space === 'rgb16' || raw.space === 'b-w' || raw.space === 'grey16';
  if (!known || channels === undefined) {
    throw new RevelaError(
      `${name} has ${raw.channels} channels of the colour space ${raw.space}; convert it to RGB or grey first`,
    );
  }
  return { channels, bitDepth: raw.depth === 'uchar' ? 8 : 16 };
}

/** Types of samples that are not read, for people. */
const sampleKinds: Readonly<Record<string, string>> = {
  char: '8-bit samples with a sign',
  short: '16-bit samples with a sign',
  int: '32-bit samples with a sign',
  uint: '32-bit samples',
  float: 'floating point samples',
  double: 'floating point samples of 64 bits',
};

/** AVIF files of 10 and 12 bits arrive as 16-bit words with their low bits zero, so that white is not 65535. */
function whiteLevel(raw: Metadata, format: PictureFormat, bitDepth: 8 | 16): number {
  if (bitDepth === 8) return 255;
  const bits = format === 'avif' ? (raw.bitsPerSample ?? 16) : 16;
  return (2 ** bits - 1) * 2 ** (16 - bits);
}
