/** Cells on a side of a {@link Glance}. */
export const glanceSide = 16;

/** By how many cells two glances may be shifted against each other: an eighth of the picture. */
const reach = 2;

/** A picture at a glance: the grey of 16 × 16 cells, each the mean of its part of the picture, whatever its shape. */
export type Glance = Uint8Array;

/**
 * How alike two pictures are: the correlation of their cells, at the shift of up to two cells each way at which it is
 * greatest, as hands move. Brightness and contrast do not count, so that a bracket of exposures is alike.
 *
 * @returns from -1 to 1, where they differ in nothing else; 0 where one of them is flat
 *
 * @example
 * likeness(first, second) > 0.8; // two of one scene
 */
export function likeness(a: Glance, b: Glance): number {
  let greatest = -1;
  for (let down = -reach; down <= reach; down++)
    for (let right = -reach; right <= reach; right++)
      greatest = Math.max(greatest, correlation(a, b, right, down));
  return greatest;
}

/** The correlation of the cells that both have when the second is shifted. */
function correlation(a: Glance, b: Glance, right: number, down: number): number {
  let [cells, sumA, sumB, squareA, squareB, product] = [0, 0, 0, 0, 0, 0];
  for (let y = Math.max(0, down); y < Math.min(glanceSide, glanceSide + down); y++) {
    for (let x = Math.max(0, right); x < Math.min(glanceSide, glanceSide + right); x++) {
      const one = a[y * glanceSide + x] ?? 0;
      const other = b[(y - down) * glanceSide + x - right] ?? 0;
      cells += 1;
      sumA += one;
      sumB += other;
      squareA += one * one;
      squareB += other * other;
      product += one * other;
    }
  }
  const variance = (squareA - sumA ** 2 / cells) * (squareB - sumB ** 2 / cells);
  return variance > 0 ? (product - (sumA * sumB) / cells) / Math.sqrt(variance) : 0;
}
