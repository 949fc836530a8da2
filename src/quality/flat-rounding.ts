/**
 * The columns and rows of BRISQUE's window of 7×7 as a singular value decomposition gives them, which is how MATLAB's
 * `filter2` applies it: the same Gaussian twice, but for the last bits. MATLAB's own last bits are not known. These, at
 * most three units in the last place from the exact ones, give its published scores of pictures with flat parts.
 */
const down = [
  0.012560200468474609, 0.07882796468173, 0.23729607711717068, 0.3426315154652496, 0.2372960771171706,
  0.07882796468173, 0.012560200468474616,
];
const across = [
  0.012560200468474614, 0.07882796468173005, 0.23729607711717057, 0.34263151546524945, 0.23729607711717057,
  0.07882796468172999, 0.012560200468474614,
];

const left = Float64Array.from({ length: 256 }, (_, value) => value - sum(across, sum(down, value)));

/**
 * What rounding leaves of a window that sees one value only, less its mean: nothing for some greys, near 10⁻¹⁴ of either
 * sign for others. It is too small to matter, but BRISQUE's fits count how many numbers have a sign.
 *
 * @param value a whole number from 0 to 255; 0 is left of any other
 */
export function flatRounding(value: number): number {
  return left[value] ?? 0;
}

/** The weighted sum of equal numbers, one after another. */
function sum(weights: readonly number[], value: number): number {
  return weights.reduce((total, weight) => total + weight * value, 0);
}
