import type { Planes } from '../pixels/index.js';
import { RevelaError } from '../errors.js';
import { sharedFloats } from '../in-thread.js';

/** The bits that pictures are measured on together: 16 where all have them, otherwise 8. */
export function measuredBits(...pictures: readonly Pick<Planes, 'bitDepth'>[]): 8 | 16 {
  return pictures.every(({ bitDepth }) => bitDepth === 16) ? 16 : 8;
}

/**
 * One channel as a file of so many bits would hold it, in values from 0 to 255: whole ones on 8 bits, in steps of 1/257 on
 * 16.
 *
 * @throws RevelaError if a value is not a number
 */
export function channelOnBits(
  picture: Planes,
  channel: number,
  bits: 8 | 16,
): Uint8ClampedArray | Float64Array {
  const eight = eightBitChannel(picture, channel);
  if (bits === 8) return eight;
  const from = channel * eight.length;
  return Float64Array.from(eight, (_, i) => {
    const value = Math.min(1, Math.max(0, picture.data[from + i] ?? 0));
    return Math.round(value * 65_535) / 257;
  });
}

/**
 * One channel in the integers that a file of 8 bits would hold: times 255, rounded half to even, clamped.
 * (Storing into a clamped array does the last two.)
 *
 * @throws RevelaError if a value is not a number, which would otherwise pass for black
 */
export function eightBitChannel({ width, height, data }: Planes, channel: number): Uint8ClampedArray {
  const area = width * height;
  const plane = data.subarray(channel * area, (channel + 1) * area);
  const integers = new Uint8ClampedArray(area);
  for (let i = 0; i < area; i++) {
    const value = plane[i] ?? Number.NaN;
    if (Number.isNaN(value)) {
      throw new RevelaError(
        `a picture to be measured holds a value that is not a number at x ${i % width}, y ${Math.floor(i / width)}; check the weights that it was made with`,
      );
    }
    integers[i] = value * 255;
  }
  return integers;
}

/**
 * A picture with the values that a file of 8 bits would hold, in multiples of 1/255, in memory that threads share.
 *
 * @throws RevelaError if a value is not a number
 */
export function eightBitPlanes(picture: Planes): Planes {
  const { channels, width, height } = picture;
  const data = sharedFloats(channels * height * width);
  for (let channel = 0; channel < channels; channel++) {
    const integers = eightBitChannel(picture, channel);
    for (let i = 0; i < integers.length; i++) data[channel * integers.length + i] = (integers[i] ?? 0) / 255;
  }
  return { channels, width, height, data };
}

/**
 * Refuses to compare what cannot be compared.
 *
 * @throws RevelaError if the pictures differ in size or channels
 */
export function checkSameSize(measure: string, a: Planes, b: Planes): void {
  if (a.channels === b.channels && a.height === b.height && a.width === b.width) return;
  const [one, other] = [a, b].map(({ width, height, channels }) => `${width}×${height}×${channels}`);
  throw new RevelaError(
    `${measure} compares pictures of the same size; these have ${one} and ${other} (width × height × channels)`,
  );
}
