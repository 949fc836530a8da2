import type { Planes } from '../../pixels/index.js';
import { RevelaError } from '../../errors.js';
import { present } from '../../present.js';

/**
 * A picture less its border: what papers on upscaling measure, who leave out as many pixels as the scale on every side.
 *
 * @param border pixels that are left out on every side
 * @throws RevelaError if the border leaves nothing
 *
 * @example
 * psnr(withoutBorder(upscaled, 4), withoutBorder(original, 4)); // in RGB; for Y see lumaOf
 */
export function withoutBorder(picture: Planes, border: number): Planes {
  const { channels } = picture;
  const [width, height] = [picture.width - 2 * border, picture.height - 2 * border];
  if (width < 1 || height < 1)
    throw new RevelaError(
      `a picture of ${picture.width}×${picture.height} pixels has nothing left without a border of ${border}`,
    );
  if (border === 0) return picture;
  const data = new Float32Array(channels * height * width);
  for (let row = 0; row < channels * height; row++) {
    const channel = Math.floor(row / height);
    const line = channel * picture.height + border + (row % height);
    const start = line * picture.width + border;
    data.set(picture.data.subarray(start, start + width), row * width);
  }
  return {
    channels,
    width,
    height,
    data,
    ...present({ bitDepth: picture.bitDepth }),
  };
}
