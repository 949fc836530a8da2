import { mirror } from '../edges.js';
import type { Plane } from '../planes.js';

/**
 * A channel made smaller: the mean of `factor` × `factor` pixels at every `factor`-th pixel of every `factor`-th row, the first
 * included, and the picture mirrored around its edges with its border pixels repeated. What the MATLAB programs of SSIM say by
 * `imfilter(x, ones(f) / f², 'symmetric', 'same')` and `x(1:f:end, 1:f:end)`.
 */
export function blockMeans({ width, height, data }: Plane, factor: number): Plane {
  const columns = Math.ceil(width / factor);
  const rows = Math.ceil(height / factor);
  const result = new Float64Array(rows * columns);
  // The middle of an even window is its earlier middle pixel.
  const before = Math.floor((factor - 1) / 2);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      let sum = 0;
      for (let v = 0; v < factor; v++) {
        const line = mirror(y * factor + v - before, height) * width;
        for (let u = 0; u < factor; u++) sum += data[line + mirror(x * factor + u - before, width)] ?? 0;
      }
      result[y * columns + x] = sum / (factor * factor);
    }
  }
  return { width: columns, height: rows, data: result };
}
