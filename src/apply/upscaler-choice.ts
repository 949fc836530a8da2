import { flatBesideEdgesAside, type NoiseMeasurement } from '../denoise/index.js';
import type { Planes } from '../pixels/index.js';

/** Which upscaler a picture is enlarged by, and why, for people. */
export interface UpscalerChoice {
  readonly name: 'photo' | 'faithful';
  readonly reason: string;
}

/** How much what an upscaler makes is sharpened where that is not said, 0 to 100: `photo` draws edges softly, and others have not been looked at so. */
export const usualSharpening = (name: UpscalerChoice['name'] | undefined): number =>
  name === 'photo' ? 100 : 0;

/** What the file of a picture says of what it may have lost. */
export interface Source {
  /** The kind of file: that of a picture, or `heic` or `jxl`, which a page opens. */
  readonly format: string;
  /** Whether it has kept every value, though such files may lose some. */
  readonly lossless?: boolean;
}

/** The kinds of files that lose detail. */
const losing: ReadonlySet<string> = new Set(['jpeg', 'webp', 'avif', 'heic', 'jxl']);

/** From how much that is flat beside its edges on a picture is a clean drawing. */
const DRAWN = 0.5;

/**
 * Chooses for a picture: `faithful`, which takes every pixel for the truth, where it is clean beyond doubt: a drawing or a screenshot whose
 * edges have nothing beside them; else `photo`, which knows blur, noise and blocks. A photograph that is clean is not told from
 * one that was compressed and then resized and kept without loss, whose rings `faithful` would sharpen.
 *
 * @param noise what is taken away first, where the picture is noisy
 * @param picture in the range of networks, and the file that it comes from
 * @param denoise how much is to be cleaned, where that was said: then `photo`, which cleans
 */
export async function upscalerFor(
  noise: NoiseMeasurement | undefined,
  picture: Planes & Source,
  denoise?: number,
): Promise<UpscalerChoice> {
  if (denoise !== undefined) return { name: 'photo', reason: 'it is said how much is to be cleaned' };
  if (noise !== undefined) {
    const level = (255 * Math.max(noise.luma, noise.chroma)).toFixed(1);
    return { name: 'photo', reason: `it has noise, ${level} of 255, which is taken away first` };
  }
  const { format, lossless = false, width, height, channels, data } = picture;
  if (losing.has(format) && (format === 'jpeg' || !lossless))
    return { name: 'photo', reason: `it comes from a file that loses detail (${format.toUpperCase()})` };
  const flat = await flatBesideEdgesAside({ width, height, channels, data });
  return flat >= DRAWN
    ? { name: 'faithful', reason: 'it is a clean drawing' }
    : { name: 'photo', reason: 'it may be a photograph that has lost detail' };
}
