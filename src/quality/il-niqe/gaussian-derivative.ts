/** Derivatives of a plane under a Gaussian. */
export interface Derivatives {
  readonly across: Float64Array;
  readonly down: Float64Array;
}

/**
 * Derivatives across and down by a Gaussian's, x e^(−(x² + y²) / 2σ²), neither of them scaled; the kernel reaches 3 σ,
 * rounded up. Convolved as MATLAB's `conv2(…, 'same')`, with black beyond the edges.
 *
 * @param plane `[height, width]`
 */
export function gaussianDerivatives(
  plane: Float64Array,
  width: number,
  height: number,
  sigma: number,
): Derivatives {
  const reach = Math.ceil(3 * sigma);
  const smooth = Float64Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * sigma * sigma)),
  );
  // Turned round, as a convolution turns its kernel.
  const slope = smooth.map((weight, i) => (reach - i) * weight);
  const [smoothed, sloped] = [along(plane, width, height, smooth), along(plane, width, height, slope)];
  return {
    across: downwards(sloped, width, height, smooth),
    down: downwards(smoothed, width, height, slope),
  };
}

/** Weighted sums along rows. */
function along(plane: Float64Array, width: number, height: number, weights: Float64Array): Float64Array {
  const result = new Float64Array(plane.length);
  const reach = (weights.length - 1) / 2;
  const line = new Float64Array(width + 2 * reach);
  for (let y = 0; y < height; y++) {
    line.set(plane.subarray(y * width, (y + 1) * width), reach);
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let tap = 0; tap < weights.length; tap++) sum += (weights[tap] ?? 0) * (line[x + tap] ?? 0);
      result[y * width + x] = sum;
    }
  }
  return result;
}

/** Weighted sums along columns. */
function downwards(plane: Float64Array, width: number, height: number, weights: Float64Array): Float64Array {
  const result = new Float64Array(plane.length);
  const reach = (weights.length - 1) / 2;
  for (let y = 0; y < height; y++) {
    for (const [tap, weight] of weights.entries()) {
      const source = y + tap - reach;
      if (source < 0 || source >= height) continue;
      const [from, to] = [source * width, y * width];
      for (let x = 0; x < width; x++)
        result[to + x] = (result[to + x] ?? 0) + weight * (plane[from + x] ?? 0);
    }
  }
  return result;
}
