import type { Metadata } from 'sharp';
import { exifDensity, exifStructure, uprightExif } from './exif.js';
import { exifOfTiff } from './exif-tiff.js';
import type { PictureMetadata } from './picture.js';

/** Pixels per inch that stand for "not known": EXIF demands a value, and sharp names it for JPEG files without one. */
export const unknownDensity = 72;

/** The least and the most pixels per inch that all formats hold; files that say others are wrong about it. */
const usable = { least: 1, most: 100_000 } as const;

/** The density where a format can hold it; `undefined` for what no picture has, such as four thousand million. */
export function usableDensity(density: number | undefined): number | undefined {
  return density !== undefined && density >= usable.least && density <= usable.most ? density : undefined;
}

/** The metadata to carry over, fit for upright pixels. `bytes` is the whole file. */
export function metadataOf(raw: Metadata, bytes: Uint8Array): PictureMetadata {
  const original = exifOf(raw, bytes);
  const exif = original === undefined ? undefined : uprightExif(original);
  const densities = [raw.density, exif === undefined ? undefined : exifDensity(exif)];
  const density = densities.find((value) => value !== undefined && value !== unknownDensity);
  return {
    ...(raw.icc !== undefined && { icc: raw.icc }),
    ...(exif !== undefined && { exif }),
    ...(raw.xmp !== undefined && { xmp: uprightXmp(raw.xmp) }),
    ...(density !== undefined && { density }),
  };
}

/** The EXIF structure of a file as it stands there. */
export function exifOf(raw: Metadata, bytes: Uint8Array): Uint8Array | undefined {
  if (raw.format === 'tiff') return exifOfTiff(bytes);
  return raw.exif === undefined ? undefined : exifStructure(raw.exif);
}

/** XMP may repeat the orientation; pixels that are upright already must not be turned again. */
function uprightXmp(xmp: Buffer): Uint8Array {
  const text = xmp.toString('latin1'); // one character a byte, whatever the text is
  const upright = text.replace(
    /(tiff:Orientation(?:\s*=\s*["']|>\s*))[1-8]/g,
    (_, start: string) => `${start}1`,
  );
  return Buffer.from(upright, 'latin1');
}
