/**
 * Ranks from 1, smallest first; numbers that are equal share the mean of their ranks.
 *
 * @example
 * ranksOf([10, 30, 30, 20]); // [1, 3.5, 3.5, 2]
 */
export function ranksOf(values: readonly number[]): Float64Array {
  const order = orderOf(values);
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end] ?? 0] === values[order[start] ?? 0]) end += 1;
    for (let i = start; i < end; i++) ranks[order[i] ?? 0] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}

/** Places of numbers from the smallest to the largest. */
function orderOf(values: readonly number[]): Int32Array {
  return Int32Array.from(values.keys()).sort((i, j) => (values[i] ?? 0) - (values[j] ?? 0) || i - j);
}

/**
 * Pearson's correlation of numbers that belong together; NaN where those of one side are all equal.
 *
 * @example
 * pearson(scores, opinions); // 0.93
 */
export function pearson(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const n = x.length;
  let [meanX, meanY] = [0, 0];
  for (let i = 0; i < n; i++) {
    meanX += (x[i] ?? 0) / n;
    meanY += (y[i] ?? 0) / n;
  }
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [a, b] = [(x[i] ?? 0) - meanX, (y[i] ?? 0) - meanY];
    xx += a * a;
    yy += b * b;
    xy += a * b;
  }
  return xx === 0 || yy === 0 ? Number.NaN : xy / Math.sqrt(xx * yy);
}

/**
 * Spearman's rank correlation: Pearson's of the ranks.
 *
 * @example
 * spearman(scores, opinions); // 0.91
 */
export function spearman(x: readonly number[], y: readonly number[]): number {
  return pearson(ranksOf(x), ranksOf(y));
}

/**
 * Kendall's τ-b: pairs in the same order less those in the opposite one, by the root of the pairs that are not tied on either
 * side,
 *
 *     τ = (C − D) / √((n₀ − n₁)(n₀ − n₂)),   n₀ = n(n − 1)/2
 *
 * counted by sorting (Knight, 1966), so that thousands of pictures are no matter. NaN where those of one side are all equal.
 *
 * @example
 * kendall(scores, opinions); // 0.75
 */
export function kendall(x: readonly number[], y: readonly number[]): number {
  const n = x.length;
  const at = (values: readonly number[], i: number): number => values[i] ?? 0;
  const order = Int32Array.from(x.keys()).sort((i, j) => at(x, i) - at(x, j) || at(y, i) - at(y, j));
  const pairs = (n * (n - 1)) / 2;
  const tiedX = tiedPairs(order, (i, j) => at(x, i) === at(x, j));
  const tiedBoth = tiedPairs(order, (i, j) => at(x, i) === at(x, j) && at(y, i) === at(y, j));
  // Among those that are tied in x the order of y is right already, so that only real discords are exchanged.
  const discordant = sortCounting(Float64Array.from(order, (i) => at(y, i)));
  const byY = orderOf(y);
  const tiedY = tiedPairs(byY, (i, j) => at(y, i) === at(y, j));
  const numerator = pairs - tiedX - tiedY + tiedBoth - 2 * discordant;
  const denominator = Math.sqrt((pairs - tiedX) * (pairs - tiedY));
  return denominator === 0 ? Number.NaN : numerator / denominator;
}

/** Pairs of neighbours in an order, and of their neighbours, that are alike. */
function tiedPairs(order: Int32Array, alike: (i: number, j: number) => boolean): number {
  let [pairs, run] = [0, 1];
  for (let i = 1; i <= order.length; i++) {
    if (i < order.length && alike(order[i - 1] ?? 0, order[i] ?? 0)) run += 1;
    else {
      pairs += (run * (run - 1)) / 2;
      run = 1;
    }
  }
  return pairs;
}

/** Sorts by merging, and counts the pairs that stood in the opposite order. */
function sortCounting(values: Float64Array): number {
  let from = values;
  let to: Float64Array = new Float64Array(values.length);
  let exchanged = 0;
  for (let size = 1; size < values.length; size *= 2) {
    for (let start = 0; start < values.length; start += 2 * size) {
      const middle = Math.min(start + size, values.length);
      const end = Math.min(start + 2 * size, values.length);
      let [left, right] = [start, middle];
      for (let i = start; i < end; i++) {
        const fromLeft = right >= end || (left < middle && (from[left] ?? 0) <= (from[right] ?? 0));
        if (!fromLeft) exchanged += middle - left;
        to[i] = from[fromLeft ? left++ : right++] ?? 0;
      }
    }
    [from, to] = [to, from];
  }
  return exchanged;
}
