import { eightBitChannel } from './eight-bit.js';

const { red: RED, green: GREEN, blue: BLUE } = matlabGrey;

import { type Plane, matlabGrey, type Planes } from '../pixels/arithmetic.js';

/**
 * A picture in grey as MATLAB's `rgb2gray` makes it of 8 bits: 0.2989 red + 0.5870 green + 0.1140 blue, of values rounded
 * to 8 bits and itself rounded to them.
 *
 * @param picture `[channels, height, width]` in [0, 1], of 1 or 3 channels; one channel is taken as it is
 * @returns integers from 0 to 255
 * @throws RevelaError if a value is not a number
 */
export function greyOf(picture: Planes): Plane & { readonly data: Uint8ClampedArray } {
  const { width, height } = picture;
  const data = eightBitChannel(picture, 0);
  if (picture.channels === 3) {
    const [green, blue] = [eightBitChannel(picture, 1), eightBitChannel(picture, 2)];
    // In place of red. The half is never met: no sum of integers under these weights ends in it.
    for (let i = 0; i < data.length; i++) {
      data[i] = RED * (data[i] ?? 0) + GREEN * (green[i] ?? 0) + BLUE * (blue[i] ?? 0);
    }
  }
  return { width, height, data };
}
