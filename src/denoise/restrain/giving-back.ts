import { betweenCells, betweenLines } from './cells.js';
import { type HeldMeans, WAVES } from './held-means.js';

/**
 * Opens the giving back of what {@link HeldMeans} says.
 *
 * @returns takes it from a row of what was taken away from a channel
 */
export function givingBack({
  grid,
  back,
}: HeldMeans): (channel: number, y: number, row: Float32Array) => void {
  const { columns, width } = grid;
  const line = new Float64Array(columns);
  // Waves differ by signs alone: of all there are two sums, one for even columns and one for odd ones.
  const [even, odd] = [new Float64Array(columns), new Float64Array(columns)];
  const [evens, odds] = [new Float32Array(width), new Float32Array(width)];
  return (channel, y, row) => {
    even.fill(0);
    odd.fill(0);
    for (const [number, [across, down]] of WAVES.entries()) {
      const map = back[channel]?.[number];
      if (map === undefined) continue;
      betweenLines(map, grid, y, line);
      const sign = y % 2 === 0 ? 1 : down;
      add(even, line, sign);
      add(odd, line, sign * across);
    }
    betweenCells(even, grid, evens);
    betweenCells(odd, grid, odds);
    takeEvery2nd(row, evens, 0);
    takeEvery2nd(row, odds, 1);
  };
}

function add(sums: Float64Array, line: Float64Array, sign: number): void {
  for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] ?? 0) + sign * (line[i] ?? 0);
}

/** Takes from every second number of a row what has its place, from `first` on. */
function takeEvery2nd(row: Float32Array, less: Float32Array, first: 0 | 1): void {
  for (let x = first; x < row.length; x += 2) row[x] = (row[x] ?? 0) - (less[x] ?? 0);
}
