import { mirror } from '../edges.js';
import type { Plane } from '../planes.js';

/**
 * Keys' cubic kernel (a = −½) widened to half the size, at its eight places ±¼, ±¾, ±1¼ and ±1¾ of its unit. They are
 * whole numbers of 256ths, so that halving integers is exact in double precision, whichever axis comes first.
 */
const weights = [-3, -9, 29, 111, 111, 29, -9, -3].map((weight) => weight / 256);
/** The first of the eight samples before the pair that an output sample lies between. */
const reach = 3;

/**
 * A plane of half the size, as MATLAB's `imresize(plane, 0.5)` makes it: antialiased bicubic, mirrored at the edges with
 * the edge samples repeated, an odd side rounded up. Neither rounded nor clamped.
 *
 * The scale stays ½ where a side is odd; `bicubicResize` would take the ratio of the sizes. Rows are made as they are
 * needed, so that the memory is that of the result.
 */
export function halve({ width, height, data }: Plane): Plane & { readonly data: Float64Array } {
  const half = { width: Math.ceil(width / 2), height: Math.ceil(height / 2) };
  const result = new Float64Array(half.width * half.height);
  const column = new Float64Array(width + 2 * reach + 2);
  for (let y = 0; y < half.height; y++) {
    column.fill(0);
    for (const [tap, weight] of weights.entries()) {
      const from = mirror(2 * y - reach + tap, height) * width;
      for (let x = 0; x < width; x++)
        column[x + reach] = (column[x + reach] ?? 0) + weight * (data[from + x] ?? 0);
    }
    for (let x = -reach; x < width + reach + 2; x++) {
      if (x < 0 || x >= width) column[x + reach] = column[mirror(x, width) + reach] ?? 0;
    }
    for (let x = 0; x < half.width; x++) {
      let sum = 0;
      for (let tap = 0; tap < weights.length; tap++) sum += (weights[tap] ?? 0) * (column[2 * x + tap] ?? 0);
      result[y * half.width + x] = sum;
    }
  }
  return { ...half, data: result };
}
