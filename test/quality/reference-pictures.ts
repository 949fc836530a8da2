import type { Planes } from '#src/pixels/index.js';
import sharp from 'sharp';

/** A GIF file with a palette of greys, which the package does not read. */
export async function readGreyGif(path: string): Promise<Planes> {
  const { data, info } = await sharp(path)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const grey = Float32Array.from({ length: info.width * info.height }, (_, i) => {
    const value = data[i * info.channels] ?? 0;
    if (value !== data[i * info.channels + 1]) throw new Error(`${path} is not grey`);
    return value / 255;
  });
  return { channels: 1, width: info.width, height: info.height, data: grey };
}
