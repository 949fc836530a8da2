/** Parameters of {@link logistic}: the two ends, the middle, and the width of the rise. */
export type LogisticParameters = readonly [upper: number, lower: number, middle: number, width: number];

/**
 * The logistic of four parameters that studies of picture quality lay over scores before they correlate them with opinions
 * (VQEG, 2000): `f(x) = b₂ + (b₁ − b₂) / (1 + exp(−(x − b₃)/|b₄|))`.
 *
 * @example
 * logistic([5, 1, 50, 10], 50); // 3: half-way between the ends
 */
export function logistic([upper, lower, middle, width]: LogisticParameters, x: number): number {
  return lower + (upper - lower) / (1 + Math.exp(-(x - middle) / Math.abs(width)));
}

const squaredError = (parameters: LogisticParameters, x: ArrayLike<number>, y: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (logistic(parameters, x[i] ?? 0) - (y[i] ?? 0)) ** 2;
  return sum;
};

/** Where a fit begins: the ends of the opinions in the direction of the correlation, the middle and a part of the spread of the scores. */
export function firstLogistic(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  rises: boolean,
): LogisticParameters {
  const n = x.length;
  let [mean, least, greatest] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < n; i++) {
    mean += (x[i] ?? 0) / n;
    least = Math.min(least, y[i] ?? 0);
    greatest = Math.max(greatest, y[i] ?? 0);
  }
  let variance = 0;
  for (let i = 0; i < n; i++) variance += ((x[i] ?? 0) - mean) ** 2 / n;
  const width = Math.sqrt(variance) / 4;
  return rises ? [greatest, least, mean, width] : [least, greatest, mean, width];
}

/** The columns of a system of four equations: the matrix, and the right side after it. */
const COLUMNS = 5;

/** JᵀJ and Jᵀr of the logistic, J its derivatives with respect to the four parameters, and r what it misses: `[4, 5]`. */
function normalEquations(
  [upper, lower, middle, width]: LogisticParameters,
  x: ArrayLike<number>,
  y: ArrayLike<number>,
): Float64Array {
  const sums = new Float64Array(4 * COLUMNS);
  const scale = Math.abs(width);
  // The four derivatives, and what is missing: one array for all pictures, as this is the whole time of a fit.
  const terms = new Float64Array(COLUMNS);
  for (let i = 0; i < x.length; i++) {
    const z = ((x[i] ?? 0) - middle) / scale;
    const share = 1 / (1 + Math.exp(-z));
    const slope = (upper - lower) * share * (1 - share);
    terms[0] = share;
    terms[1] = 1 - share;
    terms[2] = -slope / scale;
    terms[3] = (-slope * z * Math.sign(width)) / scale;
    terms[4] = (y[i] ?? 0) - (lower + (upper - lower) * share);
    for (let row = 0; row < 4; row++) {
      const factor = terms[row] ?? 0;
      for (let column = row; column < COLUMNS; column++) {
        const at = row * COLUMNS + column;
        sums[at] = (sums[at] ?? 0) + factor * (terms[column] ?? 0);
      }
    }
  }
  for (let row = 1; row < 4; row++)
    for (let column = 0; column < row; column++)
      sums[row * COLUMNS + column] = sums[column * COLUMNS + row] ?? 0;
  return sums;
}

/** Solves four equations by elimination, the largest first; undefined where they do not decide. */
function solved(equations: Float64Array): readonly number[] | undefined {
  const rows = [0, 1, 2, 3].map((row) => equations.slice(row * COLUMNS, (row + 1) * COLUMNS));
  for (let column = 0; column < 4; column++) {
    let best = column;
    for (let row = column + 1; row < 4; row++)
      if (Math.abs(rows[row]?.[column] ?? 0) > Math.abs(rows[best]?.[column] ?? 0)) best = row;
    const [pivot, other] = [rows[best], rows[column]];
    if (pivot === undefined || other === undefined || !(Math.abs(pivot[column] ?? 0) > 1e-300))
      return undefined;
    [rows[column], rows[best]] = [pivot, other];
    for (const [i, row] of rows.entries()) {
      if (i === column) continue;
      const factor = (row[column] ?? 0) / (pivot[column] ?? 1);
      for (let j = column; j < COLUMNS; j++) row[j] = (row[j] ?? 0) - factor * (pivot[j] ?? 0);
    }
  }
  return rows.map((row, i) => (row[4] ?? 0) / (row[i] ?? 1));
}

/** The most steps of a fit. */
const MOST_STEPS = 200;

/**
 * Fits the logistic to numbers by least squares: Levenberg's and Marquardt's method.
 *
 * @param start where to begin; see {@link firstLogistic}
 * @param precision it ends as soon as a step makes the squared error less by a smaller share than this
 */
export function fitLogistic(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  start: LogisticParameters,
  precision = 1e-12,
): LogisticParameters {
  let parameters = start;
  let error = squaredError(parameters, x, y);
  let damping = 1e-3;
  for (let step = 0; step < MOST_STEPS; step++) {
    const equations = normalEquations(parameters, x, y);
    const better = stepThatGains(x, y, { parameters, error, damping, equations });
    if (better === undefined) break;
    const gain = (error - better.error) / error;
    ({ parameters, error } = better);
    damping = Math.max(better.damping / 4, 1e-12);
    if (gain < precision) break;
  }
  return parameters;
}

interface FitState {
  readonly parameters: LogisticParameters;
  readonly error: number;
  readonly damping: number;
}

/** The next step of a fit: damped more and more until it gains; undefined where none does. */
function stepThatGains(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  { parameters, error, damping: first, equations }: FitState & { readonly equations: Float64Array },
): FitState | undefined {
  const [b1, b2, b3, b4] = parameters;
  for (let damping = first; damping < 1e12; damping *= 4) {
    const damped = equations.slice();
    for (let i = 0; i < 4; i++)
      damped[i * COLUMNS + i] = (damped[i * COLUMNS + i] ?? 0) * (1 + damping) + 1e-30;
    const [d1 = 0, d2 = 0, d3 = 0, d4 = 0] = solved(damped) ?? [];
    const next: LogisticParameters = [b1 + d1, b2 + d2, b3 + d3, b4 + d4];
    const after = next[3] === 0 ? Number.NaN : squaredError(next, x, y);
    if (after < error) return { parameters: next, error: after, damping };
  }
  return undefined;
}
