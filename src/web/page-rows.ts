import type { RowsTaker } from '../denoise/index.js';
import type { LeanPicture } from '../pixels/index.js';
import { present } from '../present.js';
import { pageOfPicture, type Pixels } from './page-image.js';

/** Rows that are rounded at once. */
const STRIP = 64;

/** Pixels for a page, of the rows of a result as they come: so large a result lies nowhere as floats. */
export function pageRows({ width, height, bitDepth, alpha, ...rest }: LeanPicture): {
  readonly image: Pixels;
  readonly take: RowsTaker;
} {
  const length = 4 * width * height;
  const data = bitDepth === 16 ? new Uint16Array(length) : new Uint8ClampedArray(length);
  let strip = new Float32Array(0);
  return {
    image: { data, width, height },
    take(y, rows) {
      const first = y - (y % STRIP);
      const high = Math.min(STRIP, height - first);
      if (y === first) strip = new Float32Array(rows.length * high * width);
      for (const [channel, row] of rows.entries()) strip.set(row, (channel * high + y - first) * width);
      if (y < first + high - 1) return;
      const part = { ...rest, ...{ width, height: high, bitDepth, data: strip } };
      const opacity = alpha?.subarray(width * first, width * (first + high));
      data.set(pageOfPicture({ ...part, ...present({ alpha: opacity }) }).data, 4 * width * first);
    },
  };
}
