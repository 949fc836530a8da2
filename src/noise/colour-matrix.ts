/** A 3 × 3 matrix, row by row. */
export type Matrix = readonly [number, number, number, number, number, number, number, number, number];

/** The inverse of a matrix that has one. */
export function inverted([a, b, c, d, e, f, g, h, i]: Matrix): Matrix {
  const [A, B, C] = [e * i - f * h, f * g - d * i, d * h - e * g];
  const determinant = a * A + b * B + c * C;
  if (!(Math.abs(determinant) > 1e-9)) throw new RangeError('the colour matrix has no inverse');
  const s = 1 / determinant;
  return [
    A * s,
    (c * h - b * i) * s,
    (b * f - c * e) * s,
    B * s,
    (a * i - c * g) * s,
    (c * d - a * f) * s,
    C * s,
    (b * g - a * h) * s,
    (a * e - b * d) * s,
  ];
}

/**
 * The matrix from a camera's colours to those of the display, by what it takes from one channel and gives to the others:
 * rows sum to 1, so that grey stays grey.
 *
 * @param crosstalk how much of green, blue in red; red, blue in green; red, green in blue: usually negative
 */
export function cameraMatrix([rg, rb, gr, gb, br, bg]: readonly [
  number,
  number,
  number,
  number,
  number,
  number,
]): Matrix {
  return [1 - rg - rb, rg, rb, gr, 1 - gr - gb, gb, br, bg, 1 - br - bg];
}
