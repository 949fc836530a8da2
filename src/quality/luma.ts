import { bt601Video, videoBlack, type Planes } from '../pixels/arithmetic.js';
import { RevelaError } from '../errors.js';
import { channelOnBits, measuredBits } from './eight-bit.js';

const { red: RED, green: GREEN, blue: BLUE } = bt601Video;

/**
 * The luma of a picture less its border: what the super-resolution papers measure PSNR and SSIM on. Y of YCbCr as MATLAB's
 * `rgb2ycbcr` has it, of values rounded to 8 bits, and itself rounded to 8 bits, half to even; of pictures of 16 bits neither is. Grey stays as it is, from 0 to
 * 255, as programs in MATLAB have it that convert colour alone; the papers' figures for Set14, which has a grey picture, agree.
 *
 * @param picture `[channels, height, width]` in [0, 1], of 1 or 3 channels
 * @param border pixels that are left out on every side: as many as the scale, by the papers' custom
 * @returns one channel, multiples of 1/255; of colour from 16/255 to 235/255
 * @throws RevelaError if the border leaves nothing, or a value is not a number
 *
 * @example
 * psnr(lumaOf(upscaled, 4), lumaOf(original, 4)); // PSNR-Y as in the papers: 30.5
 */
export function lumaOf(picture: Planes, border = 0): Planes {
  const [width, height] = [picture.width - 2 * border, picture.height - 2 * border];
  if (width < 1 || height < 1)
    throw new RevelaError(
      `a picture of ${picture.width}×${picture.height} pixels has nothing left without a border of ${border}`,
    );
  const bits = measuredBits(picture);
  const luma = picture.channels === 3 ? videoLumaOf(picture, bits) : channelOnBits(picture, 0, bits);
  const data = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++)
      data[y * width + x] = (luma[(y + border) * picture.width + x + border] ?? 0) / 255;
  }
  return { channels: 1, width, height, data, ...(bits === 16 && { bitDepth: bits }) };
}

/** Y of every pixel: in 8 bits, or of 16 as it comes out. */
function videoLumaOf(picture: Planes, bits: 8 | 16): Uint8ClampedArray | Float64Array {
  const red = channelOnBits(picture, 0, bits);
  const green = channelOnBits(picture, 1, bits);
  const blue = channelOnBits(picture, 2, bits);
  // Storing into a clamped array rounds half to even.
  const luma = bits === 8 ? new Uint8ClampedArray(red.length) : new Float64Array(red.length);
  for (let i = 0; i < luma.length; i++) {
    const sum = RED * (red[i] ?? 0) + GREEN * (green[i] ?? 0) + BLUE * (blue[i] ?? 0);
    luma[i] = sum / 255 + videoBlack;
  }
  return luma;
}
