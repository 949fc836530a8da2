import { present } from '../present.js';
import { decode } from './decode.js';
import { type CameraFacts, cameraFacts } from './exif.js';
import type { PictureFormat } from '../pixels/index.js';
import { carriedMetadata } from './found-metadata.js';
import { profileName } from './icc.js';
import { type Header, inspect } from './inspect.js';
import { foundMetadata } from './metadata.js';
import { holdFile, type PictureFile } from './picture-input.js';
import type { ReadOptions } from './picture-options.js';
import { loadBytes } from './read.js';

/** Facts about a picture file, from its header. */
export interface PictureDescription {
  readonly format: PictureFormat;
  /** Upright, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly hasAlpha: boolean;
  /** Of the samples as read; AVIF files of 10 and 12 bits count as 16. */
  readonly bitDepth: 8 | 16;
  /** Bytes of the file. */
  readonly fileSize: number;
  /** The name of the ICC profile; left out if there is no profile, or none with a name. */
  readonly profile?: string;
  /** What the camera noted; empty if there is no EXIF. */
  readonly camera: CameraFacts;
  /** What the file holds beside the picture that is not read, such as a gain map; for people. */
  readonly lost?: readonly string[];
}

/**
 * Describes a picture without decoding its pixels; it refuses what `readPicture` refuses, save damage further
 * inside and a number of pixels.
 *
 * @throws RevelaError as `readPicture` does
 *
 * @example
 * const { width, height, camera } = await describePicture('photo.jpg');
 * console.log(`${width}×${height}, ISO ${camera.iso}`);
 */
export async function describePicture(source: PictureFile): Promise<PictureDescription> {
  const { bytes, name } = await loadBytes(await holdFile(source));
  return descriptionOf(bytes, await inspect(bytes, name, Infinity));
}

/**
 * Makes sure that `readPicture` will read a picture, by decoding its pixels and letting them go; slower than
 * `describePicture`, and it finds damage anywhere in the file.
 *
 * @throws RevelaError as `readPicture` does
 *
 * @example
 * const { hasAlpha } = await checkPicture('photo.jpg');
 */
export async function checkPicture(
  source: string | Uint8Array,
  options: ReadOptions = {},
): Promise<PictureDescription> {
  const { bytes, name } = await loadBytes(source);
  const header = await inspect(bytes, name, options.maxMegapixels);
  await decode(bytes, header, name);
  return descriptionOf(bytes, header);
}

function descriptionOf(bytes: Uint8Array, header: Header): PictureDescription {
  const { format, width, height, channels, hasAlpha, bitDepth } = header;
  const { icc, exif, lost } = carriedMetadata(foundMetadata(header, bytes), header.orientation);
  const profile = icc === undefined ? undefined : profileName(icc);
  return {
    format,
    width,
    height,
    channels,
    hasAlpha,
    bitDepth,
    fileSize: bytes.length,
    ...present({ profile }),
    camera: exif === undefined ? {} : cameraFacts(exif),
    ...present({ lost }),
  };
}
