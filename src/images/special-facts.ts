import { avifFacts } from './avif-facts.js';
import { ordinaryTiff } from './big-tiff.js';
import { parseExif } from './exif-directory.js';
import { numbersOf } from './exif-fields.js';
import { parseJpeg } from './jpeg-file.js';
import { pngChunks } from './png-file.js';
import { framesOf } from './png-metadata.js';
import { tiffPages } from './tiff-pages.js';
import { isLosslessWebp, webpChunks } from './webp-metadata.js';
import { present } from '../present.js';

/** What the decoder does not say of a file, or says wrongly. */
export interface SpecialFacts {
  /** Bits a sample, where they are so many that no decoder is at hand. */
  readonly bits?: number;
  /** What its colours are, where they are of a kind that is not read. */
  readonly colours?: 'Lab' | 'raw';
  /** Whether it is compressed as JPEG was in TIFF files before 1995, of which the decoder makes nothing where it lies in tiles. */
  readonly oldJpeg?: boolean;
  /** Whether it has no alpha, though the decoder gives one, as of brightness and colour differences (YCbCr). */
  readonly noAlpha?: boolean;
  /** Whether grey and alpha stand in planes of their own, which the decoder takes for one plane of both. */
  readonly greyInPlanes?: boolean;
  /** Whether it has brightness and differences (YCbCr), of which the decoder makes colours only where it adds an alpha. */
  readonly yCbCr?: boolean;
  /** Width and height, where no picture of the kind has them. */
  readonly impossibleSize?: string;
  readonly frames: number;
  /** Its pages, where the decoder counts what is none. */
  readonly pages?: number;
  /** Smaller copies of its picture, which the decoder counts as pages. */
  readonly copies: number;
  /** Whether it begins with a smaller copy of its picture. */
  readonly firstIsNoPage?: boolean;
  readonly lossless: boolean;
  /** Whether its values lie between 16 and 235 of 255. */
  readonly narrow?: boolean;
}

/** What stands in the headers of a file that the decoder does not say. */
export function specialFacts(bytes: Uint8Array): SpecialFacts {
  const jpeg = parseJpeg(bytes);
  if (jpeg !== undefined) {
    const { precision } = jpeg;
    return {
      ...present({ bits: precision === 8 ? undefined : precision }),
      ...{ frames: 1, copies: 0, lossless: false },
    };
  }
  const png = pngChunks(bytes);
  if (png !== undefined) return { frames: framesOf(png), copies: 0, lossless: false };
  const webp = webpChunks(bytes);
  if (webp !== undefined) return { frames: 1, copies: 0, lossless: isLosslessWebp(webp) };
  const tiff = tiffPages(bytes);
  const fields = parseExif(ordinaryTiff(bytes))?.fields;
  const depth = fields?.get(bitsPerSample);
  const bits = depth === undefined ? undefined : numbersOf(depth).find((count) => !usualBits.has(count));
  const numberIn = (tag: number): number | undefined => {
    const field = fields?.get(tag);
    return field === undefined ? undefined : numbersOf(field)[0];
  };
  const colours = unreadColours.get(numberIn(photometricInterpretation) ?? 0);
  // JPEG in TIFF files is made to colours by its own decoder.
  const isDifference = numberIn(compression) !== jpegCompression || numberIn(planarConfiguration) === 2;
  const avif = Buffer.from(bytes.subarray(4, 8)).toString('latin1') === 'ftyp' ? avifFacts(bytes) : undefined;
  return {
    ...present({ bits, colours }),
    ...(numberIn(planarConfiguration) === 2 && numberIn(samplesPerPixel) === 2 && { greyInPlanes: true }),
    ...(numberIn(photometricInterpretation) === yCbCr && isDifference && { yCbCr: true }),
    ...(numberIn(compression) === oldJpegCompression && { oldJpeg: true }),
    ...(tiff && numberIn(samplesPerPixel) === 3 && { noAlpha: true }),
    ...present({ pages: tiff?.pages, firstIsNoPage: tiff?.firstIsNoPage }),
    ...(avif?.oneGrid === true && { pages: 1 }),
    copies: avif?.copies ?? 0,
    ...present({ impossibleSize: avif?.impossibleSize }),
    ...(avif?.narrowGrey === true && { narrow: true }),
    frames: avif?.isAnimation === true ? Infinity : 1,
    lossless: false,
  };
}

const bitsPerSample = 0x0102;
const usualBits: ReadonlySet<number> = new Set([1, 2, 4, 8, 16, 32]);

const [compression, oldJpegCompression, jpegCompression] = [0x0103, 6, 7] as const;
const [photometricInterpretation, samplesPerPixel, planarConfiguration] = [0x0106, 0x0115, 0x011c] as const;
const yCbCr = 6;
const unreadColours: ReadonlyMap<number, 'Lab' | 'raw'> = new Map([
  [8, 'Lab'],
  [9, 'Lab'],
  [10, 'Lab'],
  [32_803, 'raw'], // a mosaic
  [34_892, 'raw'], // linear
]);
