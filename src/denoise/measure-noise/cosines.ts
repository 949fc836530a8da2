/** The side of the windows in which noise is measured, and of the blocks of JPEG. */
export const WINDOW = 8;

/** The orthonormal cosine transform of 8 numbers: the weight of number x in coefficient u lies at 8 · u + x. */
export const cosines: Float64Array = Float64Array.from({ length: WINDOW * WINDOW }, (_, i) => {
  const [u, x] = [Math.floor(i / WINDOW), i % WINDOW];
  return Math.sqrt((u === 0 ? 1 : 2) / WINDOW) * Math.cos(((2 * x + 1) * u * Math.PI) / (2 * WINDOW));
});
