/** Eigenvalues from the largest to the smallest, with their eigenvectors of length 1. */
export interface EigenSystem {
  readonly values: Float64Array;
  /** `[size, size]`: the vector of `values[k]` is row k. */
  readonly vectors: Float64Array;
}

/** More turns than any matrix of numbers takes. */
const mostTurns = 60;

/**
 * The eigenvalues and eigenvectors of a symmetric matrix: Householder's reflections make it tridiagonal, then turns of
 * neighbouring axes (QL with implicit shifts) make it diagonal. Time grows with size³: 430 takes about a second.
 *
 * @param matrix `[size, size]`, symmetric; it is not changed
 * @throws RangeError if it holds something else than numbers
 */
export function symmetricEigen(matrix: Float64Array, size: number): EigenSystem {
  if (!matrix.every(Number.isFinite))
    throw new RangeError('a matrix with infinite entries has no eigenvalues');
  const { diagonal, beside, vectors } = tridiagonal(matrix, size);
  diagonalise(diagonal, beside, vectors, size);
  const order = Array.from(diagonal.keys()).sort((a, b) => (diagonal[b] ?? 0) - (diagonal[a] ?? 0));
  const sorted = new Float64Array(size * size);
  for (const [to, from] of order.entries())
    sorted.set(vectors.subarray(from * size, (from + 1) * size), to * size);
  return { values: Float64Array.from(order, (index) => diagonal[index] ?? 0), vectors: sorted };
}

/** A tridiagonal matrix T = Z A Zᵀ, with the product Z of the reflections. */
function tridiagonal(matrix: Float64Array, size: number) {
  const a = Float64Array.from(matrix);
  const vectors = new Float64Array(size * size);
  for (let i = 0; i < size; i++) vectors[i * size + i] = 1;
  const beside = new Float64Array(size);
  for (let k = 0; k + 1 < size; k++) {
    const normal = new Float64Array(size);
    let squares = 0;
    for (let i = k + 1; i < size; i++) {
      normal[i] = a[i * size + k] ?? 0;
      squares += (normal[i] ?? 0) ** 2;
    }
    const first = normal[k + 1] ?? 0;
    const length = first > 0 ? -Math.sqrt(squares) : Math.sqrt(squares);
    beside[k] = length;
    if (squares === first * first) {
      beside[k] = first;
      continue;
    }
    normal[k + 1] = first - length;
    const beta = 1 / (squares - first * length); // 2 / |normal|²
    reflectBothSides(a, size, k + 1, normal, beta);
    reflectRows(vectors, size, k + 1, normal, beta);
  }
  return { diagonal: Float64Array.from({ length: size }, (_, i) => a[i * size + i] ?? 0), beside, vectors };
}

/** A ← H A H with H = 1 − β n nᵀ, from row and column `start` on. */
function reflectBothSides(
  a: Float64Array,
  size: number,
  start: number,
  normal: Float64Array,
  beta: number,
): void {
  const moved = new Float64Array(size);
  let product = 0;
  for (let i = start; i < size; i++) {
    let sum = 0;
    for (let j = start; j < size; j++) sum += (a[i * size + j] ?? 0) * (normal[j] ?? 0);
    moved[i] = beta * sum;
    product += beta * sum * (normal[i] ?? 0);
  }
  for (let i = start; i < size; i++) moved[i] = (moved[i] ?? 0) - (beta / 2) * product * (normal[i] ?? 0);
  for (let i = start; i < size; i++) {
    const [n, m] = [normal[i] ?? 0, moved[i] ?? 0];
    for (let j = start; j < size; j++)
      a[i * size + j] = (a[i * size + j] ?? 0) - n * (moved[j] ?? 0) - m * (normal[j] ?? 0);
  }
}

/** Z ← H Z. */
function reflectRows(z: Float64Array, size: number, start: number, normal: Float64Array, beta: number): void {
  const sums = new Float64Array(size);
  for (let i = start; i < size; i++) {
    const n = normal[i] ?? 0;
    for (let j = 0; j < size; j++) sums[j] = (sums[j] ?? 0) + n * (z[i * size + j] ?? 0);
  }
  for (let i = start; i < size; i++) {
    const n = beta * (normal[i] ?? 0);
    for (let j = 0; j < size; j++) z[i * size + j] = (z[i * size + j] ?? 0) - n * (sums[j] ?? 0);
  }
}

/** Turns axes until nothing is left beside the diagonal; the rows of `z` turn along and become the eigenvectors. */
function diagonalise(d: Float64Array, e: Float64Array, z: Float64Array, size: number): void {
  const largest = d.reduce((most, value, i) => Math.max(most, Math.abs(value) + Math.abs(e[i] ?? 0)), 0);
  // Against the whole matrix, not its neighbours: those of a matrix without full rank are rounding errors themselves.
  const lost = Number.EPSILON * largest;
  for (let l = 0; l < size; l++) {
    for (let turn = 0; ; turn++) {
      const m = endOfBlock(e, lost, l, size);
      if (m === l) break;
      if (turn === mostTurns) throw new RangeError('the eigenvalues of a matrix were not found');
      chase(d, e, z, size, l, m);
    }
  }
}

/** The last row of the block from `l` on that is connected; entries beside the diagonal that are as good as 0 are none. */
function endOfBlock(e: Float64Array, lost: number, l: number, size: number): number {
  let m = l;
  while (m + 1 < size && Math.abs(e[m] ?? 0) > lost) m += 1;
  return m;
}

/** One QL step with an implicit shift on the block of rows `l` to `m`: the bulge is chased from its end to its start. */
function chase(d: Float64Array, e: Float64Array, z: Float64Array, size: number, l: number, m: number): void {
  let g = ((d[l + 1] ?? 0) - (d[l] ?? 0)) / (2 * (e[l] ?? 0));
  const root = Math.hypot(g, 1);
  g = (d[m] ?? 0) - (d[l] ?? 0) + (e[l] ?? 0) / (g + (g < 0 ? -root : root));
  let [sine, cosine, p] = [1, 1, 0];
  for (let i = m - 1; i >= l; i--) {
    const f = sine * (e[i] ?? 0);
    const b = cosine * (e[i] ?? 0);
    const r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      // The block has come apart on the way.
      d[i + 1] = (d[i + 1] ?? 0) - p;
      e[m] = 0;
      return;
    }
    sine = f / r;
    cosine = g / r;
    const shifted = (d[i + 1] ?? 0) - p;
    const s = ((d[i] ?? 0) - shifted) * sine + 2 * cosine * b;
    p = sine * s;
    d[i + 1] = shifted + p;
    g = cosine * s - b;
    turnRows(z, size, i, sine, cosine);
  }
  d[l] = (d[l] ?? 0) - p;
  e[l] = g;
  e[m] = 0;
}

/** Turns rows `i` and `i + 1` against each other. */
function turnRows(z: Float64Array, size: number, i: number, sine: number, cosine: number): void {
  for (let k = i * size, end = k + size; k < end; k++) {
    const low = z[k] ?? 0;
    const high = z[k + size] ?? 0;
    z[k + size] = sine * low + cosine * high;
    z[k] = cosine * low - sine * high;
  }
}
