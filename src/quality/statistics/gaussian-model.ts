import { symmetricEigen } from './symmetric-eigen.js';

/** A multivariate normal distribution of features. */
export interface GaussianModel {
  /** `[features]` */
  readonly mean: Float64Array;
  /** `[features, features]`, symmetric */
  readonly covariance: Float64Array;
}

/**
 * Fits a normal distribution as MATLAB's `nanmean` and `nancov` do: the mean of each feature over the rows that have it,
 * the covariance (divided by n − 1) over the rows that are complete.
 *
 * @param rows one row of features per patch
 * @returns the model, and how many rows were complete; with fewer than 2 there is no covariance (it is all NaN)
 */
export function fitGaussian(rows: readonly Float64Array[]): GaussianModel & { readonly complete: number } {
  const size = rows[0]?.length ?? 0;
  const whole = rows.filter((row) => row.every((value) => !Number.isNaN(value)));
  const centre = meanOf(whole, size);
  const covariance = new Float64Array(size * size);
  const away = new Float64Array(size);
  for (const row of whole) {
    for (let i = 0; i < size; i++) away[i] = (row[i] ?? 0) - (centre[i] ?? 0);
    for (let i = 0; i < size; i++) {
      const factor = away[i] ?? 0;
      for (let j = 0; j <= i; j++)
        covariance[i * size + j] = (covariance[i * size + j] ?? 0) + factor * (away[j] ?? 0);
    }
  }
  const degrees = whole.length > 1 ? whole.length - 1 : Number.NaN;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const value = (covariance[i * size + j] ?? 0) / degrees;
      covariance[i * size + j] = value;
      covariance[j * size + i] = value;
    }
  }
  return { mean: meanOf(rows, size), covariance, complete: whole.length };
}

/** The mean of each feature over the rows where it is a number. */
function meanOf(rows: readonly Float64Array[], size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, i) => {
    let [sum, count] = [0, 0];
    for (const row of rows) {
      const value = row[i] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      sum += value;
      count += 1;
    }
    return sum / count;
  });
}

/**
 * Measures distances between features, √(δᵀ C⁺ δ) with C = (C₁ + C₂) / 2 (Mittal, Soundararajan and Bovik, 2013, equation
 * 10). C⁺ is the pseudo-inverse as MATLAB's `pinv` has it: directions whose share in C is lost in its rounding do not count.
 *
 * @returns the distance of two rows of features
 */
export function distanceUnder(
  one: GaussianModel,
  other: GaussianModel,
): (a: Float64Array, b: Float64Array) => number {
  const size = one.mean.length;
  const mixed = one.covariance.map((value, i) => (value + (other.covariance[i] ?? 0)) / 2);
  const { values, vectors } = symmetricEigen(mixed, size);
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const least = size * ulpOf(largest);
  return (a, b) => {
    let sum = 0;
    for (const [k, value] of values.entries()) {
      if (Math.abs(value) <= least) continue;
      let along = 0;
      for (let i = 0; i < size; i++) along += (vectors[k * size + i] ?? 0) * ((a[i] ?? 0) - (b[i] ?? 0));
      // Of a covariance that was read from a file rounding may have left a share that is a little negative.
      sum += (along * along) / Math.abs(value);
    }
    return Math.sqrt(sum);
  };
}

/** The distance from a number to the next larger one, MATLAB's `eps(x)`. */
function ulpOf(x: number): number {
  return x === 0 ? 2 ** -1074 : 2 ** (Math.floor(Math.log2(x)) - 52);
}
