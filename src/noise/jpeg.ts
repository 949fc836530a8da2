import sharp from 'sharp';
import type { Planes } from './planes.js';

/**
 * Writes planes as a JPEG file in memory (libjpeg, colour at half the resolution unless told otherwise) and reads it again: its blocks,
 * rings and colour bleeding are those of real files.
 *
 * @param planes 1 channel (grey) or 3 (red, green, blue); clamped to [0, 1] and rounded to 8 bits before
 * @param quality from 1 to 100, rounded to a whole number
 * @returns multiples of 1/255
 */
export async function compressJpeg(
  planes: Planes,
  quality: number,
  chromaSubsampling: '4:2:0' | '4:4:4' = '4:2:0',
): Promise<Planes> {
  const { width, height, data } = planes;
  const channels = planes.channels === 1 ? 1 : 3;
  const area = width * height;
  const pixels = new Uint8ClampedArray(channels * area); // storing clamps, and rounds half to even
  for (let channel = 0; channel < channels; channel++) {
    for (let from = channel * area, to = channel; to < pixels.length; from++, to += channels)
      pixels[to] = (data[from] ?? 0) * 255;
  }
  const space = channels === 1 ? 'b-w' : 'srgb';
  const options = { limitInputPixels: false } as const;
  const file = await sharp(pixels, { ...options, raw: { width, height, channels } })
    .toColourspace(space)
    .jpeg({ quality: Math.round(quality), chromaSubsampling })
    .toBuffer();
  const decoded = await sharp(file, options).toColourspace(space).raw().toBuffer();
  const result = new Float32Array(channels * area);
  for (let channel = 0; channel < channels; channel++) {
    for (let from = channel, to = channel * area; from < decoded.length; from += channels, to++)
      result[to] = (decoded[from] ?? 0) / 255;
  }
  return { channels, width, height, data: result };
}
