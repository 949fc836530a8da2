import { readFile, stat } from 'node:fs/promises';
import { RevelaError } from '../errors.js';
import { alphaOf, decode, planesOf } from './decode.js';
import { fileError } from '../file-errors.js';
import { defaultMaxMegapixels, inspect } from './inspect.js';
import { metadataOf } from './metadata.js';
import type { Picture } from './picture.js';

/** Options of {@link readPicture}. */
export interface ReadOptions {
  /** Larger pictures are refused before they are decoded; default 300. */
  readonly maxMegapixels?: number;
}

/**
 * Reads a JPEG, PNG, WebP, TIFF or AVIF picture: upright, with its 8 or 16 bits exact, in the colour space of
 * its ICC profile, grey as one channel and a palette as red, green, blue.
 *
 * The kind is told by the content, not by the file name. Memory: 4 bytes a sample, and while reading also the
 * file and its 1 or 2 bytes a sample.
 *
 * @param source the path of the file, or its bytes
 * @throws RevelaError, one line that says what to do, if the file is missing, a folder, empty, damaged or cut
 *   short, not a picture, of another kind (GIF, SVG, HEIC, camera raw …), animated or of several pages, CMYK,
 *   of another sample type than 8 or 16 bit integers, or larger than the limit
 *
 * @example
 * const picture = await readPicture('photo.jpg');
 * picture.data[0]; // red of the top left pixel, in [0, 1]
 */
export async function readPicture(source: string | Uint8Array, options: ReadOptions = {}): Promise<Picture> {
  const { bytes, name } = await loadBytes(source);
  const header = await inspect(bytes, name, options.maxMegapixels ?? defaultMaxMegapixels);
  const raster = await decode(bytes, header, name);
  return {
    width: raster.width,
    height: raster.height,
    channels: raster.channels,
    data: planesOf(raster),
    ...(header.hasAlpha && { alpha: alphaOf(raster) }),
    bitDepth: header.bitDepth,
    format: header.format,
    metadata: metadataOf(header.raw, bytes),
  };
}

/** The bytes of a picture file and what messages call it. */
export async function loadBytes(source: string | Uint8Array): Promise<{ bytes: Uint8Array; name: string }> {
  if (typeof source !== 'string') {
    const name = 'the picture';
    if (source.length === 0)
      throw new RevelaError(`${name} is empty (0 bytes); pass the bytes of a whole file`);
    return { bytes: source, name };
  }
  await checkFile(source);
  const bytes = await readFile(source).catch((error: unknown) => {
    throw fileError(`cannot read ${source}`, error);
  });
  return { bytes, name: source };
}

/** Refuses a path that is missing, a folder or an empty file. */
export async function checkFile(path: string): Promise<void> {
  const facts = await stat(path).catch((error: unknown) => {
    throw fileError(`cannot read ${path}`, error);
  });
  if (facts.isDirectory()) throw new RevelaError(`${path} is a folder; expected a picture file`);
  if (!facts.isFile()) throw new RevelaError(`${path} is not a regular file; expected a picture file`);
  if (facts.size === 0) throw new RevelaError(`${path} is empty (0 bytes); copy it again from where it came`);
}
