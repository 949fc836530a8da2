import type { RowsTaker } from '../denoise/index.js';
import { type LeanPicture, notANumber, roundedHalfToEven } from '../pixels/index.js';
import type { Pixels } from './page-image.js';

/**
 * Pixels for a page, of the rows of a result as they come: rounded as files are written, so that a large result lies nowhere as floats.
 *
 * @throws RevelaError, as it takes rows, if a value is not a number
 */
export function pageRows({ width, height, bitDepth, alpha }: LeanPicture): {
  readonly image: Pixels;
  readonly take: RowsTaker;
} {
  const deep = bitDepth === 16;
  const white = deep ? 65_535 : 255;
  const data = deep ? new Uint16Array(4 * width * height) : new Uint8ClampedArray(4 * width * height);
  data.fill(white);
  const opacity = white / (alpha instanceof Uint16Array ? 65_535 : 255);
  if (alpha !== undefined)
    for (let i = 0; i < alpha.length; i++) data[4 * i + 3] = Math.round((alpha[i] ?? 0) * opacity);
  return {
    image: { data, width, height },
    take(y, rows) {
      for (const [channel, row] of rows.entries())
        for (let x = 0, to = 4 * y * width + channel; x < width; x++, to += 4) {
          const value = (row[x] ?? 0) * white;
          if (!Number.isFinite(value)) throw notANumber({ width, height }, y * width + x);
          data[to] = roundedHalfToEven(Math.min(white, Math.max(0, value)));
        }
    },
  };
}
