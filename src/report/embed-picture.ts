import { readRegular } from '../regular-file.js';

/** A picture that stands in the page itself. */
export interface EmbeddedPicture {
  /** A `data:` address. */
  readonly source: string;
  readonly width: number;
  readonly height: number;
}

/** Files up to so many bytes are embedded as they are. */
const smallFile = 400_000;

/**
 * A picture as a `data:` address, at most `side` pixels wide and high. A small enough file is taken as it is; another
 * one is shrunk, and encoded as WebP of high quality.
 *
 * @returns `undefined` for a file that is no picture, or not yet: the run that writes it may be going on
 */
export async function embedPicture(path: string, side: number): Promise<EmbeddedPicture | undefined> {
  try {
    const [bytes, { default: sharp }] = await Promise.all([readRegular(path), import('sharp')]);
    const { width, height, format } = await sharp(bytes).metadata();
    if (Math.max(width, height) <= side && bytes.length <= smallFile && format === 'png')
      return { source: dataAddress('image/png', bytes), width, height };
    const { data, info } = await sharp(bytes)
      .autoOrient()
      .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 92 })
      .toBuffer({ resolveWithObject: true });
    return { source: dataAddress('image/webp', data), width: info.width, height: info.height };
  } catch {
    return undefined;
  }
}

function dataAddress(type: string, bytes: Buffer): string {
  return `data:${type};base64,${bytes.toString('base64')}`;
}
