import sharp, { type Sharp } from 'sharp';
import { createRandom } from '#src/random.js';

/** A picture of soft areas and fine grain, unlike those of other seeds. */
export async function scene(seed: number, { width = 256, height = 208 } = {}): Promise<Sharp> {
  const random = createRandom(seed);
  const coarse = Uint8Array.from({ length: 8 * 8 * 3 }, () => 40 + 175 * random.uniform());
  const soft = await sharp(coarse, { raw: { width: 8, height: 8, channels: 3 } })
    .resize(width, height, { fit: 'fill', kernel: 'cubic' })
    .raw()
    .toBuffer();
  const grained = Uint8ClampedArray.from(soft, (value) => value + 12 * random.normal());
  return sharp(grained, { raw: { width, height, channels: 3 } }).toColourspace('srgb');
}

/** The EXIF of a picture that a camera took, as sharp writes it. */
export function takenAt(
  time: string,
  { fraction = '', offset = '', model = 'T1' } = {},
): { IFD0: Record<string, string>; IFD2: Record<string, string> } {
  return {
    IFD0: { Make: 'Testwerke', Model: model },
    IFD2: {
      DateTimeOriginal: time,
      ...(fraction === '' ? {} : { SubSecTimeOriginal: fraction }),
      ...(offset === '' ? {} : { OffsetTimeOriginal: offset }),
    },
  };
}
