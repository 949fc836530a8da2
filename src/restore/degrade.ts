import { OptionError, RevelaError } from '../errors.js';
import {
  type PictureDescription,
  type PictureInput,
  rescaledMetadata,
  holdPicture,
  RevelaImage,
  pictureOf,
} from '../images/index.js';
import { addsNoise, realEsrgan } from '../upscale/index.js';
import { wholeNumber } from '../option-checks.js';
import { checked, settled } from '../options/index.js';
import { type DegradeOptions, degradeOptions } from './degrade-options.js';
import { present } from '../present.js';
import { degradedAside, type Stop } from './degraded-copy.js';
import { withVisibleColours } from '../apply/index.js';

/** The largest side of a JPEG picture; the real-world kind makes some on the way. */
const longestJpegSide = 65_500;

/**
 * Makes of a good picture what a bad camera, an old file or a small screen would have left of it: what upscaling and
 * denoising are trained and tested with.
 *
 * The picture is first cut, at the right and at the bottom, to a multiple of the scale. Grey stays grey, and alpha is
 * made smaller by bicubic. The bicubic kind is rounded to the bit depth of the picture; the others are 8 bits.
 *
 * @param input a path, address, bytes, a blob or stream, raw pixels, sharp's output, or a decoded picture
 * @returns the small picture, with the ICC profile and EXIF of the large one
 * @throws RevelaError if the picture cannot be read, or is smaller than the scale; OptionError for a wrong option
 *
 * @example
 * await (await degrade('photo.jpg', { kind: 'real-world', seed: 7 })).toFile('small.png');
 */
export async function degrade(input: PictureInput, options: DegradeOptions = {}): Promise<RevelaImage> {
  const asked = checked('degrade', degradeOptions, options);
  const { kind, scale, seed, index, sharpens, amount } = settledDegradation(asked);
  const { signal } = asked;
  signal?.throwIfAborted();
  const held = await holdPicture(input, signal);
  const picture = await withVisibleColours(await pictureOf(held));
  checkDegradable(picture, typeof held === 'string' ? held : 'the picture', asked);
  const bitDepth = kind === 'bicubic' ? picture.bitDepth : 8;
  const how = { kind, scale, amount, seed, index, sharpens, white: bitDepth === 8 ? 255 : 65_535 };
  const { width, height, channels, data, alpha } = picture;
  const pixels = { width, height, channels, data, ...present({ alpha }) };
  const degraded = await untilStopped(signal, (stop) => degradedAside(pixels, how, stop));
  const metadata = rescaledMetadata(picture.metadata, 1 / scale);
  return new RevelaImage({ ...picture, ...degraded, bitDepth, metadata });
}

/** Work that a signal stops, in whatever thread it is done. */
async function untilStopped<Result>(
  signal: AbortSignal | undefined,
  work: (stop: Stop) => Promise<Result>,
): Promise<Result> {
  signal?.throwIfAborted();
  const flag = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const stop = (): number => Atomics.store(flag, 0, 1);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    return await work({ flag });
  } catch (error) {
    throw signal?.aborted ? signal.reason : error;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

/**
 * Checks, before any work is done, that a picture can be degraded so.
 *
 * @param name what messages call it
 * @throws RevelaError if it is too small, or too large for the JPEG files that are made on the way; OptionError for a
 *   wrong option
 */
export function checkDegradable(
  { width, height }: Pick<PictureDescription, 'width' | 'height'>,
  name: string,
  options: DegradeOptions,
): void {
  const { kind, scale } = settledDegradation(options);
  if (Math.min(width, height) < scale)
    throw new RevelaError(
      `${name} has ${width}×${height} pixels, too few to be made ${scale} times smaller; choose a larger picture`,
    );
  const largest = Math.max(width, height) * realEsrgan.first.resizeRange[1];
  if (kind === 'real-world' && largest > longestJpegSide)
    throw new RevelaError(
      `${name} has ${width}×${height} pixels, too many a side for the JPEG files that real-world makes on the way; cut it into parts`,
    );
}

/** @throws OptionError for options that do not go together */
function settledDegradation(options: DegradeOptions) {
  const { scale: asked, sharpen: sharpens, ...others } = settled(degradeOptions, options);
  const { kind, amount } = others;
  const noise = addsNoise(kind);
  const scale = asked ?? (noise ? 1 : 4);
  if (amount !== undefined && !noise)
    throw new OptionError(
      `\`amount\` is how much noise there is, and \`kind\` ${kind} is none: leave it out`,
    );
  if (!noise) wholeNumber(scale, 2, 8, 'scale');
  return { ...others, scale, sharpens };
}
