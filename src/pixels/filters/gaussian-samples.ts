/** Samples of a Gaussian that add up to 1; MATLAB's `fspecial` is their product with themselves. */
export function gaussian(taps: number, sigma: number): Float64Array {
  const centre = (taps - 1) / 2;
  const samples = Float64Array.from({ length: taps }, (_, i) =>
    Math.exp(-((i - centre) ** 2) / (2 * sigma ** 2)),
  );
  const sum = samples.reduce((total, sample) => total + sample, 0);
  return samples.map((sample) => sample / sum);
}
