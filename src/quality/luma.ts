import { RevelaError } from '../errors.js';
import { eightBitChannel, type PlanarPicture } from './eight-bit.js';

/** Shares of red, green and blue in Y (ITU-R BT.601), of 255; black is 16 and white 235. */
const [RED, GREEN, BLUE, BLACK] = [65.481, 128.553, 24.966, 16] as const;

/**
 * The luma of a picture less its border: what the super-resolution papers measure PSNR and SSIM on. Y of YCbCr as MATLAB's
 * `rgb2ycbcr` has it, of values rounded to 8 bits, and itself rounded to 8 bits, half to even.
 *
 * @param picture `[channels, height, width]` in [0, 1], of 1 or 3 channels; grey is taken for red, green and blue that are alike
 * @param border pixels that are left out on every side: as many as the scale, by the papers' custom
 * @returns one channel, multiples of 1/255 from 16/255 to 235/255
 * @throws RevelaError if the border leaves nothing, or a value is not a number
 *
 * @example
 * psnr(lumaOf(upscaled, 4), lumaOf(original, 4)); // PSNR-Y as in the papers: 30.5
 */
export function lumaOf(picture: PlanarPicture, border = 0): PlanarPicture {
  const [width, height] = [picture.width - 2 * border, picture.height - 2 * border];
  if (width < 1 || height < 1)
    throw new RevelaError(
      `a picture of ${picture.width}×${picture.height} pixels has nothing left without a border of ${border}`,
    );
  const red = eightBitChannel(picture, 0);
  const [green, blue] =
    picture.channels === 3 ? [eightBitChannel(picture, 1), eightBitChannel(picture, 2)] : [red, red];
  // Storing into a clamped array rounds half to even.
  const integers = new Uint8ClampedArray(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y + border) * picture.width + x + border;
      const sum = RED * (red[at] ?? 0) + GREEN * (green[at] ?? 0) + BLUE * (blue[at] ?? 0);
      integers[y * width + x] = sum / 255 + BLACK;
    }
  }
  return { channels: 1, width, height, data: Float32Array.from(integers, (luma) => luma / 255) };
}
