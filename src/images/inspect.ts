import sharp, { type Metadata } from 'sharp';
import { RevelaError } from '../errors.js';
import { isCameraRaw, type PictureFormat, supportedKinds } from './formats.js';

/** What the header of a picture says, checked: a picture with these facts can be decoded, unless it is damaged. */
export interface Header {
  readonly format: PictureFormat;
  /** Upright, after the orientation of the file is applied. */
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly hasAlpha: boolean;
  readonly bitDepth: 8 | 16;
  /** The sample value of white as it comes from the decoder. */
  readonly white: number;
  readonly raw: Metadata;
}

/** Pictures of more megapixels are refused, before decoding, unless the caller says otherwise. */
export const defaultMaxMegapixels = 300;

/**
 * Reads and checks the header of a picture.
 *
 * @param source the bytes of the file, or its path
 * @param name what messages call it
 * @param maxMegapixels larger pictures are refused
 * @throws RevelaError if it is no picture, damaged, of an unsupported kind, animated, CMYK or too large
 */
export async function inspect(
  source: string | Uint8Array,
  name: string,
  maxMegapixels: number = defaultMaxMegapixels,
): Promise<Header> {
  const raw = await readHeader(source, name);
  const format = supportedFormat(raw, name);
  if ((raw.pages ?? 1) > 1) {
    throw new RevelaError(
      `${name} holds ${raw.pages} pictures (an animation or pages); save the one you want as a file of its own`,
    );
  }
  const { width, height } = raw.autoOrient;
  const megapixels = (width * height) / 1e6;
  if (megapixels > maxMegapixels) {
    throw new RevelaError(
      `${name} has ${width}×${height} = ${Math.round(megapixels)} megapixels, more than the limit of ${maxMegapixels}; make it smaller or cut it into parts`,
    );
  }
  const { channels, bitDepth } = supportedSamples(raw, name);
  return {
    format,
    width,
    height,
    channels,
    hasAlpha: raw.hasAlpha,
    bitDepth,
    white: whiteLevel(raw, format, bitDepth),
    raw,
  };
}

async function readHeader(source: string | Uint8Array, name: string): Promise<Metadata> {
  try {
    // The limit is checked here rather than by sharp, whose message does not say what to do.
    return await sharp(source, { limitInputPixels: false }).metadata();
  } catch (error) {
    if (isCameraRaw(name)) throw cameraRawError(name);
    const unknown = error instanceof Error && error.message.includes('unsupported image format');
    const start = typeof source === 'string' ? undefined : source.subarray(0, 12);
    if (unknown && !(start !== undefined && beginsLikePicture(start))) {
      throw new RevelaError(`${name} is not a picture that can be read; expected ${supportedKinds}`);
    }
    throw damagedError(name, error);
  }
}

/** The error for a file whose beginning is right and whose rest is not. */
export function damagedError(name: string, error: unknown): RevelaError {
  const reason = error instanceof Error ? (error.message.trim().split('\n')[0] ?? '') : String(error);
  const detail = reason.replace(/^Input (file|buffer) has corrupt header:?\s*/, '').trim();
  return new RevelaError(
    `${name} is damaged or cut short${detail === '' ? '' : ` (${detail})`}; copy it again from where it came`,
    { cause: error },
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
  const kind = raw.format === 'heif' ? 'HEIC' : (raw.format?.toUpperCase() ?? 'unknown');
  throw new RevelaError(
    `${name} is a ${kind} file; expected ${supportedKinds}: convert it to PNG or TIFF first`,
  );
}

function supportedSamples(raw: Metadata, name: string): { channels: 1 | 3; bitDepth: 8 | 16 } {
  if (raw.space === 'cmyk') {
    throw new RevelaError(`${name} has CMYK colours, which are for printing; convert it to RGB first`);
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
  if (raw.depth !== 'uchar' && raw.depth !== 'ushort') {
    throw new RevelaError(`${name} has samples of type ${raw.depth}; convert it to 8 or 16 bits first`);
  }
  return { channels, bitDepth: raw.depth === 'uchar' ? 8 : 16 };
}

/** AVIF files of 10 and 12 bits arrive as 16-bit words with their low bits zero, so that white is not 65535. */
function whiteLevel(raw: Metadata, format: PictureFormat, bitDepth: 8 | 16): number {
  if (bitDepth === 8) return 255;
  const bits = format === 'avif' ? (raw.bitsPerSample ?? 16) : 16;
  return (2 ** bits - 1) * 2 ** (16 - bits);
}

/** Whether the first twelve bytes are those of one of the supported kinds. */
function beginsLikePicture(start: Uint8Array): boolean {
  const text = Buffer.from(start).toString('latin1');
  return (
    text.startsWith('\xff\xd8\xff') ||
    text.startsWith('\x89PNG') ||
    text.startsWith('II*\0') ||
    text.startsWith('MM\0*') ||
    (text.startsWith('RIFF') && text.endsWith('WEBP')) ||
    text.slice(4) === 'ftypavif'
  );
}
