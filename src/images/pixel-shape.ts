/*
 * Pixels that are not square, where a file says nothing of their size: JPEG, PNG and TIFF files then name numbers of pixels
 * across and down that are as long as each other, in no unit.
 */

/** Shapes that are told from square ones, and whole numbers that stand for one. */
const leastDifference = 1e-4;
const closeEnough = 1e-5;
const mostTried = 10_000;

/** The width of a pixel by its height, of so many pixels across and down in one length; `undefined` for square ones. */
export function shapeOfCounts(x: number, y: number): number | undefined {
  const shape = y / x;
  return Number.isFinite(shape) && shape > 0 && Math.abs(shape - 1) > leastDifference ? shape : undefined;
}

/**
 * Numbers of pixels, across and down, that are as long as each other: the smallest whole ones that say the shape, of `most`
 * at most. `undefined` where none do.
 */
export function countsOfShape(
  shape: number,
  most: number,
): { readonly x: number; readonly y: number } | undefined {
  for (let x = 1; x <= Math.min(most, mostTried); x++) {
    const y = Math.round(shape * x);
    if (y > most) return undefined;
    if (y >= 1 && Math.abs(y / x / shape - 1) < closeEnough) return { x, y };
  }
  return undefined;
}
