import { throughJpeg } from '#platform/jpeg';
import { type Planes, lumaOfColour } from '../pixels/index.js';

/** How many chroma samples a JPEG file has: one for 2 × 2 pixels, one for two beside each other, or one for each. */
export type ChromaSubsampling = '4:2:0' | '4:2:2' | '4:4:4';

/**
 * Writes planes as a JPEG file in memory (libjpeg, colour at half the resolution unless told otherwise) and reads it again: its blocks,
 * rings and colour bleeding are those of real files.
 *
 * @param planes 1 channel (grey) or 3 (red, green, blue); clamped to [0, 1] and rounded to 8 bits before
 * @param quality from 1 to 100, rounded to a whole number
 * @param chromaSubsampling 4:2:2, which the encoder does not write, is 4:4:4 of a picture whose chroma was averaged over
 *   pairs of pixels
 * @returns multiples of 1/255
 */
export async function compressJpeg(
  planes: Planes,
  quality: number,
  chromaSubsampling: ChromaSubsampling = '4:2:0',
): Promise<Planes> {
  const { width, height, data } = planes;
  const channels = planes.channels === 1 ? 1 : 3;
  const area = width * height;
  const pixels = new Uint8ClampedArray(channels * area); // storing clamps, and rounds half to even
  for (let channel = 0; channel < channels; channel++) {
    for (let from = channel * area, to = channel; to < pixels.length; from++, to += channels)
      pixels[to] = (data[from] ?? 0) * 255;
  }
  if (chromaSubsampling === '4:2:2' && channels === 3) averageChromaOfPairs(pixels, width);
  const decoded = await throughJpeg(
    pixels,
    { width, height, channels },
    {
      quality: Math.round(quality),
      chromaSubsampling: chromaSubsampling === '4:2:2' ? '4:4:4' : chromaSubsampling,
    },
  );
  const result = new Float32Array(channels * area);
  for (let channel = 0; channel < channels; channel++) {
    for (let from = channel, to = channel * area; from < decoded.length; from += channels, to++)
      result[to] = (decoded[from] ?? 0) / 255;
  }
  return { channels, width, height, data: result };
}

/** Gives two pixels beside each other the mean of their chroma, in place; both keep their luma. */
function averageChromaOfPairs(pixels: Uint8ClampedArray, width: number): void {
  for (let row = 0; row < pixels.length; row += 3 * width) {
    for (let i = row; i + 6 <= row + 3 * width; i += 6) {
      const half = (luma(pixels, i) - luma(pixels, i + 3)) / 2;
      for (let channel = i; channel < i + 3; channel++) {
        const mean = ((pixels[channel] ?? 0) + (pixels[channel + 3] ?? 0)) / 2;
        pixels[channel] = mean + half;
        pixels[channel + 3] = mean - half;
      }
    }
  }
}

const luma = (pixels: Uint8ClampedArray, i: number): number =>
  lumaOfColour(pixels[i] ?? 0, pixels[i + 1] ?? 0, pixels[i + 2] ?? 0);
