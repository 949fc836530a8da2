import { withoutJpegAside } from '../denoise/index.js';
import type { Picture } from '../pixels/index.js';

/** A picture to be enlarged, and what is to be told of it. */
export interface WithoutCompression {
  readonly picture: Picture;
  /** For people: what was taken away. */
  readonly told: string;
}

/**
 * Takes away what JPEG put into a picture before `photo` enlarges it, where its pixels show it; `undefined` where they do not.
 *
 * @param picture in the range of networks; it stays as it is
 */
export async function jpegBeforeEnlarging(picture: Picture): Promise<WithoutCompression | undefined> {
  const { width, height, channels, data } = picture;
  const found = await withoutJpegAside({ width, height, channels, data });
  if (found === undefined) return undefined;
  const quality = Math.round(found.coarseness > 1 ? 50 / found.coarseness : 100 - 50 * found.coarseness);
  return {
    picture: { ...picture, data: found.data },
    told: `what JPEG of about quality ${quality} put into it is taken away first`,
  };
}
