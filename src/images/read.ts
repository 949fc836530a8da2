import { readFile, stat } from 'node:fs/promises';
import { RevelaError, withFacts } from '../errors.js';
import { fileError } from '../file-errors.js';
import { checked } from '../options/index.js';
import { inFloats, type LeanPicture, type Raster } from '../pixels/index.js';
import { present } from '../present.js';
import { type DecodedRaster, decode, valuesAndAlpha } from './decode.js';
import { carriedMetadata } from './found-metadata.js';
import { withoutHarmfulExif } from './harmful-exif.js';
import { RevelaImage } from './image.js';
import { inspect } from './inspect.js';
import { foundMetadata } from './metadata.js';
import { holdPicture, isFile, type PictureInput } from './picture-input.js';
import { type ReadOptions, readOptions } from './picture-options.js';
import { pictureProblem } from './picture-problem.js';

/**
 * Reads a JPEG, PNG, WebP, TIFF or AVIF picture: upright, with its 8 or 16 bits exact, in the colour space of
 * its ICC profile, grey as one channel and a palette as red, green, blue.
 *
 * The kind is told by the content, not by the file name. Memory: 4 bytes a sample, and while reading also the
 * file and its 1 or 2 bytes a sample.
 *
 * @param source the path or address of the file, its bytes, or what gives them: a blob, a stream, the answer of `fetch`; or
 *   raw pixels, sharp's output, or a picture that is decoded already, which are checked
 * @throws RevelaError, one line that says what to do, if the file is missing, a folder, empty, damaged or cut
 *   short, not a picture, of another kind (GIF, SVG, HEIC, camera raw …), animated or of several pages, CMYK,
 *   of another sample type than 8 or 16 bit integers, or larger than the limit
 *
 * @example
 * const picture = await readPicture('photo.jpg');
 * picture.data[0]; // red of the top left pixel, in [0, 1]
 * const webp = await picture.toBuffer('webp');
 */
export async function readPicture(source: PictureInput, options: ReadOptions = {}): Promise<RevelaImage> {
  checked('readPicture', readOptions, options);
  const held = await holdPicture(source);
  if (isFile(held)) return new RevelaImage(await inFloats(await readLeanPicture(held, options)));
  const problem = await pictureProblem(held);
  if (problem === undefined) return held instanceof RevelaImage ? held : new RevelaImage(held);
  throw new RevelaError(
    `a picture must be the path of a file, the bytes of one, or what readPicture gives: ${problem}`,
    { code: 'ERR_NOT_AN_IMAGE' },
  );
}

/**
 * Reads a picture file, and leaves its values as they lie there: 1 or 2 bytes a sample.
 *
 * @throws RevelaError as {@link readPicture}
 */
export async function readLeanPicture(
  file: string | Uint8Array,
  options: ReadOptions = {},
): Promise<LeanPicture> {
  const { bytes, header, raster } = await readDecoded(file, options);
  const found = foundMetadata(header, bytes);
  const lost = raster.damage === undefined ? found.lost : [raster.damage, ...(found.lost ?? [])];
  return {
    width: raster.width,
    height: raster.height,
    channels: raster.channels,
    ...(await valuesAndAlpha(raster, header.hasAlpha)),
    bitDepth: header.bitDepth,
    ...present({ sampleBits: header.sampleBits }),
    ...(header.lossless && { lossless: true }),
    format: header.format,
    metadata: carriedMetadata({ ...found, ...present({ lost }) }, header.orientation),
  };
}

/**
 * Reads the pixels of a picture as they lie in its decoded file: 1 or 2 bytes a sample, where a {@link Picture} takes 4. For
 * what looks at a picture and makes none of it.
 *
 * @throws RevelaError as {@link readPicture}
 *
 * @example
 * const { width, height, samples } = await readRaster('photo.jpg');
 */
export async function readRaster(source: string | Uint8Array, options: ReadOptions = {}): Promise<Raster> {
  return (await readDecoded(source, options)).raster;
}

async function readDecoded(
  source: string | Uint8Array,
  { maxMegapixels }: ReadOptions,
): Promise<{
  readonly bytes: Uint8Array;
  readonly header: Awaited<ReturnType<typeof inspect>>;
  readonly raster: DecodedRaster;
}> {
  const { bytes, name } = await loadBytes(source);
  try {
    const header = await inspect(bytes, name, maxMegapixels);
    return { bytes, header, raster: await decode(bytes, header, name) };
  } catch (error) {
    throw typeof source === 'string' ? withFacts(error, { path: source }) : error;
  }
}

/** The bytes of a picture file, without EXIF that is made to harm, and what messages call it. */
export async function loadBytes(source: string | Uint8Array): Promise<{ bytes: Uint8Array; name: string }> {
  if (typeof source !== 'string') {
    const name = 'the picture';
    if (source.length === 0)
      throw new RevelaError(`${name} is empty (0 bytes); pass the bytes of a whole file`, {
        code: 'ERR_NOT_AN_IMAGE',
      });
    return { bytes: withoutHarmfulExif(source), name };
  }
  await checkFile(source);
  const bytes = await readFile(source).catch((error: unknown) => {
    throw fileError(`cannot read ${source}`, error);
  });
  return { bytes: withoutHarmfulExif(bytes), name: source };
}

/** Refuses a path that is missing, a folder or an empty file. */
export async function checkFile(path: string): Promise<void> {
  const facts = await stat(path).catch((error: unknown) => {
    throw fileError(`cannot read ${path}`, error);
  });
  const notAnImage = { code: 'ERR_NOT_AN_IMAGE', path } as const;
  if (facts.isDirectory()) throw new RevelaError(`${path} is a folder; expected a picture file`, notAnImage);
  if (facts.isFIFO() || facts.isCharacterDevice() || facts.isSocket())
    throw new RevelaError(
      `${path} is a pipe or a device, from which pictures are not read; save it to a file`,
      notAnImage,
    );
  if (!facts.isFile())
    throw new RevelaError(`${path} is not a regular file; expected a picture file`, notAnImage);
  if (facts.size === 0)
    throw new RevelaError(`${path} is empty (0 bytes); copy it again from where it came`, notAnImage);
}
