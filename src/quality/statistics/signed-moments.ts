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
  // Without branches: nobody can foretell the signs, and to guess them wrong takes longer than all else here.
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    const [below, above] = [Math.min(value, 0), Math.max(value, 0)];
    absolute += above - below;
    negatives += Number(value < 0);
    positives += Number(value > 0);
    negativeSquares += below * below;
    positiveSquares += above * above;
  }
  moments.count += values.length;
  moments.absolute += absolute;
  moments.negatives += negatives;
  moments.negativeSquares += negativeSquares;
  moments.positives += positives;
  moments.positiveSquares += positiveSquares;
}

let products = new Float64Array(0);

/** Adds the numbers `a[i] · b[i]`. */
export function addProducts(moments: SignedMoments, a: Float64Array, b: Float64Array): void {
  // One room for all calls, else the collector has as much to do as this.
  if (products.length < a.length) products = new Float64Array(a.length);
  const room = products.subarray(0, a.length);
  for (let i = 0; i < a.length; i++) room[i] = (a[i] ?? 0) * (b[i] ?? 0);
  addValues(moments, room);
}
