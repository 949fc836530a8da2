import { choice, flag, number, type OptionsOf, overwriteOptions, parsed, whole } from '../options/index.js';
import { pictureFormats } from '../pixels/index.js';
import type { FormatName } from './formats.js';

/** How a picture is written. */
export const encodingOptions = {
  /** 1 to 100, for JPEG, WebP and AVIF; default 95, or lossless for what came from a lossless WebP file. */
  quality: whole({ from: 1, to: 100, words: 'of JPEG, WebP and AVIF, 1 to 100', usual: '95' }),
  /** Whether WebP and AVIF files keep every value. */
  lossless: flag({ words: 'lossless WebP and AVIF', usual: 'as the input' }),
};

/** How a picture is written. */
export interface Encoding extends OptionsOf<typeof encodingOptions> {}

/** Which kind of file, by its long name. */
export const formatOptions = {
  format: choice(pictureFormats, { short: 'f', value: 'KIND', words: 'file format', usual: 'as the input' }),
};

const formatNames = [...pictureFormats, 'jpg', 'tif'] as const satisfies readonly FormatName[];

/** Options of `writePicture`. */
export const writeOptions = {
  ...{ ...encodingOptions, ...overwriteOptions },
  /** Default: by the extension of the path. */
  format: choice(formatNames, { words: 'file format', usual: 'by the extension' }),
};

/** Options of {@link writePicture}. */
export interface WriteOptions extends OptionsOf<typeof writeOptions> {}

/** Options of `readPicture`. */
export const readOptions = {
  /**
   * Larger pictures are refused before they are decoded. Default: 300, less where the machine has not the memory free, and
   * files that open to hundreds of times of what they weigh are refused too.
   */
  maxMegapixels: number({
    ...{ above: 0, to: 1e6, unit: 'megapixels', usual: '300, less with little memory' },
    words: 'largest input, in megapixels',
  }),
};

/** Options of {@link readPicture}. */
export interface ReadOptions extends OptionsOf<typeof readOptions> {}

/** Options of `RevelaImage.toRaw`. */
export const rawOptions = {
  /** Bits of a sample, or `float`; default: the picture's `bitDepth`. */
  depth: parsed<8 | 16 | 'float'>(
    (typed) => (typed === 'float' ? typed : Number(typed)),
    (value) => value === 8 || value === 16 || value === 'float',
    { expected: "8, 16 or 'float'", words: 'bits of a sample' },
  ),
};

/** Options of {@link RevelaImage.toRaw}. */
export interface RawOptions extends OptionsOf<typeof rawOptions> {}
