/** What a generalised Gaussian is fitted from: sums over numbers of either sign. */
export interface SignedMoments {
  count: number;
  absolute: number;
  negatives: number;
  negativeSquares: number;
  positives: number;
  positiveSquares: number;
}

/** Moments of nothing. */
export function noMoments(): SignedMoments {
  return {
    count: 0,
    absolute: 0,
    negatives: 0,
    negativeSquares: 0,
    positives: 0,
    positiveSquares: 0,
  };
}

/** Adds the numbers `values[i]`. */
export function addValues(moments: SignedMoments, values: Float64Array): void {
  let [absolute, negatives, negativeSquares, positives, positiveSquares] = [0, 0, 0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    absolute += Math.abs(value);
    if (value < 0) {
      negatives += 1;
      negativeSquares += value * value;
    } else if (value > 0) {
      positives += 1;
      positiveSquares += value * value;
    }
  }
  moments.count += values.length;
  moments.absolute += absolute;
  moments.negatives += negatives;
  moments.negativeSquares += negativeSquares;
  moments.positives += positives;
  moments.positiveSquares += positiveSquares;
}

/** Adds the numbers `a[i] · b[i]`. */
export function addProducts(moments: SignedMoments, a: Float64Array, b: Float64Array): void {
  const products = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) products[i] = (a[i] ?? 0) * (b[i] ?? 0);
  addValues(moments, products);
}
