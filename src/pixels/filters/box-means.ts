/**
 * The mean of each window of (2 · reach + 1)² around each number of a map; beyond the edges there is nothing.
 *
 * @param map rows of `width` numbers
 */
export function boxMeans(map: Float32Array, width: number, reach: number): Float32Array {
  const rows = width === 0 ? 0 : map.length / width;
  const across = new Float32Array(map.length);
  for (let y = 0; y < rows; y++) {
    const first = y * width;
    let sum = 0;
    for (let x = 0; x < Math.min(reach, width); x++) sum += map[first + x] ?? 0;
    for (let x = 0; x < width; x++) {
      if (x + reach < width) sum += map[first + x + reach] ?? 0;
      if (x > reach) sum -= map[first + x - reach - 1] ?? 0;
      across[first + x] = sum / (Math.min(width - 1, x + reach) - Math.max(0, x - reach) + 1);
    }
  }
  const means = new Float32Array(map.length);
  const sums = new Float64Array(width);
  const add = (y: number, sign: number): void => {
    const first = y * width;
    for (let x = 0; x < width; x++) sums[x] = (sums[x] ?? 0) + sign * (across[first + x] ?? 0);
  };
  for (let y = 0; y < Math.min(reach, rows); y++) add(y, 1);
  for (let y = 0; y < rows; y++) {
    if (y + reach < rows) add(y + reach, 1);
    if (y > reach) add(y - reach - 1, -1);
    const count = Math.min(rows - 1, y + reach) - Math.max(0, y - reach) + 1;
    const first = y * width;
    for (let x = 0; x < width; x++) means[first + x] = (sums[x] ?? 0) / count;
  }
  return means;
}
