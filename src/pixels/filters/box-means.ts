/**
 * The mean of each window of (2 · reach + 1)² around each number of a map; beyond the edges there is nothing.
 *
 * @param map rows of `width` numbers
 */
export function boxMeans(map: Float32Array, width: number, reach: number): Float32Array {
  const rows = width === 0 ? 0 : map.length / width;
  const across = new Float32Array(map.length);
  for (let y = 0; y < rows; y++)
    rowMeans(map.subarray(y * width, (y + 1) * width), reach, across.subarray(y * width, (y + 1) * width));
  const means = new Float32Array(map.length);
  const sums = new Float64Array(width);
  const row = (y: number): Float32Array => across.subarray(y * width, (y + 1) * width);
  for (let y = 0; y < Math.min(reach, rows); y++) add(sums, row(y), 1);
  for (let y = 0; y < rows; y++) {
    if (y + reach < rows) add(sums, row(y + reach), 1);
    if (y > reach) add(sums, row(y - reach - 1), -1);
    const count = Math.min(rows - 1, y + reach) - Math.max(0, y - reach) + 1;
    divide(sums, count, means.subarray(y * width, (y + 1) * width));
  }
  return means;
}

/** The mean of each window of 2 · reach + 1 numbers of a row. */
function rowMeans(row: Float32Array, reach: number, to: Float32Array): void {
  const width = row.length;
  let sum = 0;
  for (let x = 0; x < Math.min(reach, width); x++) sum += row[x] ?? 0;
  for (let x = 0; x < width; x++) {
    if (x + reach < width) sum += row[x + reach] ?? 0;
    if (x > reach) sum -= row[x - reach - 1] ?? 0;
    to[x] = sum / (Math.min(width - 1, x + reach) - Math.max(0, x - reach) + 1);
  }
}

function add(sums: Float64Array, row: Float32Array, sign: number): void {
  for (let x = 0; x < sums.length; x++) sums[x] = (sums[x] ?? 0) + sign * (row[x] ?? 0);
}

function divide(sums: Float64Array, count: number, to: Float32Array): void {
  for (let x = 0; x < to.length; x++) to[x] = (sums[x] ?? 0) / count;
}
