import type { Picture, PictureFormat, PictureMetadata } from '../pixels/index.js';
import { avifWithMetadata } from './avif-metadata.js';
import { coloursText, profileOfCodes } from './colour-codes.js';
import { exifWithDensity, missingOfExif, resizedExif } from './exif.js';
import { parseExif } from './exif-directory.js';
import { tiffWithMetadata } from './exif-tiff.js';
import { formats } from './formats.js';
import type { FoundMetadata } from './found-metadata.js';
import { isPlacedOnEarth } from './geo-fields.js';
import { isGreyProfile } from './icc.js';
import { jpegWithMetadata } from './jpeg-metadata.js';
import { loadSharp } from './load-sharp.js';
import { foundMetadata } from './metadata.js';
import { pngWithMetadata } from './png-metadata.js';
import { webpWithMetadata } from './webp-metadata.js';
import { present } from '../present.js';

interface Written {
  readonly bytes: Uint8Array;
  readonly lost: readonly string[];
}

/** What of a picture its metadata depend on. */
type Described = Pick<Picture, 'width' | 'height' | 'channels' | 'metadata'>;

/**
 * A picture file with the metadata of its picture, and what of that it cannot hold, found by reading it again.
 *
 * @param matrix of an AVIF file, how the encoder has made brightness and colour, by its code point
 */
export async function withMetadata(
  encoded: Uint8Array,
  picture: Described,
  format: PictureFormat,
  matrix: number,
): Promise<Written> {
  const fitting = fitted(picture, format);
  const { bytes, lost } = put(encoded, fitting.metadata, picture, format, matrix);
  const sharp = await loadSharp();
  const raw = await sharp(bytes, { limitInputPixels: false }).metadata();
  const missing = missingOf(
    fitting.metadata,
    foundMetadata({ format, channels: picture.channels, raw }, bytes),
  );
  const told = [...fitting.lost, ...lost];
  // What is told already under a fuller name is not told again.
  const more = missing.filter((what) => !told.some((already) => already.startsWith(what)));
  return { bytes, lost: [...told, ...more] };
}

function put(
  encoded: Uint8Array,
  metadata: PictureMetadata,
  picture: Described,
  format: PictureFormat,
  matrix: number,
): Written {
  switch (format) {
    case 'jpeg':
      return jpegWithMetadata(encoded, metadata);
    case 'png':
      return pngWithMetadata(encoded, metadata);
    case 'webp':
      return webpWithMetadata(encoded, metadata, picture);
    case 'tiff':
      return tiffWithMetadata(encoded, metadata);
    case 'avif':
      return avifWithMetadata(encoded, metadata, matrix);
  }
}

/** The metadata as a format holds it, and what it has no place for. */
function fitted(
  picture: Described,
  format: PictureFormat,
): { readonly metadata: PictureMetadata; readonly lost: readonly string[] } {
  const lost: string[] = [];
  const { icc, exif, density, colours, fields, ...others } = picture.metadata;
  const colour = fittedColours(picture, format, lost);
  const readable = exif !== undefined && parseExif(exif) !== undefined;
  if (exif !== undefined && !readable) lost.push('the EXIF, which is damaged');
  const sized = readable ? resizedExif(exif, picture) : undefined;
  const usable = density !== undefined && isDensity(density.x) && isDensity(density.y);
  if (density !== undefined && !usable) lost.push('the density');
  // Where a format has no place for the density, EXIF has.
  const whole = usable && (format === 'webp' || format === 'avif') ? exifWithDensity(sized, density) : sized;
  if (fields !== undefined && format !== 'tiff')
    lost.push(isPlacedOnEarth(fields) ? 'the place on Earth (GeoTIFF)' : 'other fields of the TIFF file');
  return {
    metadata: {
      ...others,
      ...colour,
      ...present({ exif: whole }),
      ...(usable && { density }),
      ...present({ fields: format === 'tiff' ? fields : undefined }),
    },
    lost,
  };
}

/** A pixel may be of hundred inches, or of a part of an atom; files that say others are wrong about it. */
const isDensity = (value: number): boolean => value >= 0.01 && value <= 1e9;

/** The profile and the codes of the colours as a format holds them. */
function fittedColours(
  { channels, metadata: { icc, colours } }: Described,
  format: PictureFormat,
  lost: string[],
): Pick<PictureMetadata, 'icc' | 'colours'> {
  const grey = channels === 1 && formats[format].grey;
  // Files of some kinds have no grey; red, green and blue under a grey profile would be an invalid file.
  const fits = icc !== undefined && isGreyProfile(icc) === (channels === 1) && (channels === 3 || grey);
  const kept = fits ? icc : undefined;
  if (icc !== undefined && kept === undefined) lost.push('the colour profile');
  const profile = present({ icc: kept });
  if (colours === undefined) return profile;
  if (format === 'png' || (format === 'avif' && kept === undefined)) return { ...profile, colours };
  const made = profileOfCodes(colours, grey ? 1 : 3);
  if (made !== undefined) return { icc: made };
  lost.push(`the description of its colours: ${coloursText(colours)}`);
  return profile;
}

/** What was to be written and is not found. */
function missingOf(wanted: PictureMetadata, found: FoundMetadata): readonly string[] {
  const { icc, exif, xmp, iptc, photoshop, texts = [], fields, density, pixelShape, colours } = wanted;
  const differs = (a: Uint8Array, b: Uint8Array | undefined): boolean =>
    b === undefined || Buffer.compare(a, b) !== 0;
  const near = (a: number, b: number | undefined): boolean =>
    b !== undefined && Math.abs(a - b) < 0.01 * a + 0.6;
  const missing: string[] = [];
  if (icc !== undefined && differs(icc, found.icc)) missing.push('the colour profile');
  if (exif !== undefined) missing.push(...missingOfExif(exif, found.exif));
  if (xmp !== undefined && (found.xmp === undefined || found.xmp === '')) missing.push('the XMP');
  if (iptc !== undefined && differs(iptc, found.iptc)) missing.push('the IPTC');
  if (photoshop !== undefined && differs(photoshop, found.photoshop)) missing.push("Photoshop's settings");
  for (const { keyword, text } of texts)
    if (!found.texts?.some((other) => other.keyword === keyword && other.text === text))
      missing.push(`the text ${keyword}`);
  for (const [tag, { bytes }] of fields ?? [])
    if (differs(bytes, found.fields?.get(tag)?.bytes)) missing.push('other fields of the TIFF file');
  if (density !== undefined && !(near(density.x, found.density?.x) && near(density.y, found.density?.y)))
    missing.push('the density');
  // A density says the shape too.
  const shape = density === undefined ? pixelShape : undefined;
  if (shape !== undefined && !(Math.abs(shape / (found.pixelShape ?? 1) - 1) < 0.001))
    missing.push('the shape of its pixels');
  if (colours !== undefined && found.colours?.transfer !== colours.transfer)
    missing.push('the description of its colours');
  return [...new Set(missing)];
}
