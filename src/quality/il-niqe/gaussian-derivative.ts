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
  // Of the taps at −t and t together: the same in the Gaussian, opposite in its derivative.
  const smooth = new Float64Array(reach + 1).map((_, t) => Math.exp(-(t ** 2) / (2 * sigma * sigma)));
  const slope = smooth.map((weight, t) => t * weight);
  // Black rows above and below.
  const [smoothed, sloped] = [0, 0].map(() => new Float64Array(width * (height + 2 * reach)));
  const [across, down] = [new Float64Array(width * height), new Float64Array(width * height)];
  if (smoothed === undefined || sloped === undefined) return { across, down };
  const line = new Float64Array(width + 2 * reach);
  for (let y = 0; y < height; y++) {
    line.set(plane.subarray(y * width, (y + 1) * width), reach);
    weighted(
      line,
      line,
      { from: reach, step: 1, to: (y + reach) * width, width },
      smooth,
      slope,
      smoothed,
      sloped,
    );
  }
  for (let y = 0; y < height; y++) {
    const place = { from: (y + reach) * width, step: width, to: y * width, width };
    weighted(sloped, smoothed, place, smooth, slope, across, down);
  }
  return { across, down };
}

/** A row of sums weighted by the Gaussian, and one of others weighted by its derivative, over samples `step` apart. */
function weighted(
  even: Float64Array,
  odd: Float64Array,
  {
    from,
    step,
    to,
    width,
  }: { readonly from: number; readonly step: number; readonly to: number; readonly width: number },
  smooth: Float64Array,
  slope: Float64Array,
  intoEven: Float64Array,
  intoOdd: Float64Array,
): void {
  for (let x = 0; x < width; x++) {
    let evenSum = (smooth[0] ?? 0) * (even[from + x] ?? 0);
    let oddSum = 0;
    for (let t = 1, before = from + x - step, after = from + x + step; t < smooth.length; t++) {
      evenSum += (smooth[t] ?? 0) * ((even[before] ?? 0) + (even[after] ?? 0));
      oddSum += (slope[t] ?? 0) * ((odd[before] ?? 0) - (odd[after] ?? 0));
      before -= step;
      after += step;
    }
    intoEven[to + x] = evenSum;
    intoOdd[to + x] = oddSum;
  }
}
