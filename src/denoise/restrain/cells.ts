/** A picture in square cells of `side` pixels; those at the right and the bottom may reach over the edge. */
export interface CellGrid {
  readonly side: number;
  readonly columns: number;
  readonly rows: number;
  readonly width: number;
  readonly height: number;
}

/** The cells of a picture. */
export function cellsOf(
  { width, height }: { readonly width: number; readonly height: number },
  side: number,
): CellGrid {
  return { side, width, height, columns: Math.ceil(width / side), rows: Math.ceil(height / side) };
}

/** How many pixels each cell has of the picture along an axis. */
export function pixelsAlong(cells: number, side: number, size: number): Float32Array {
  return Float32Array.from({ length: cells }, (_, i) => Math.min(side, size - i * side));
}

/**
 * Smooths numbers of cells, in place, by weights along both axes; beyond the edges there is nothing, and the weights of
 * what is left add up to 1.
 *
 * @param weights an odd number of them, the same on both sides of the middle one, which is that of the cell itself
 */
export function smoothCells(map: Float32Array, grid: CellGrid, weights: readonly number[]): void {
  const { columns, rows } = grid;
  const reach = weights.length >> 1;
  const own = weights[reach] ?? 1;
  const sums = new Float64Array(columns);
  const [widths, heights] = [totalsAlong(columns, weights), totalsAlong(rows, weights)];
  const padded = new Float32Array(columns + 2 * reach);
  for (let y = 0; y < rows; y++) {
    const row = map.subarray(y * columns, (y + 1) * columns);
    padded.set(row, reach);
    weigh(sums, row, own);
    for (let far = 1; far <= reach; far++)
      addPair(sums, padded.subarray(reach - far), padded.subarray(reach + far), weights[reach + far] ?? 0);
    for (let i = 0; i < columns; i++) row[i] = (sums[i] ?? 0) / (widths[i] ?? 1);
  }
  const nothing = new Float32Array(columns);
  /** Rows as they were before they were smoothed: the last that count. */
  const held: Float32Array[] = Array.from({ length: reach }, () => new Float32Array(columns));
  for (let y = 0; y < rows; y++) {
    const row = map.subarray(y * columns, (y + 1) * columns);
    weigh(sums, row, own);
    for (let far = 1; far <= reach; far++) {
      const above = held[held.length - far] ?? nothing;
      const below = (y + far) * columns;
      const next = y + far < rows ? map.subarray(below, below + columns) : nothing;
      addPair(sums, above, next, weights[reach + far] ?? 0);
    }
    const free = held.shift();
    if (free !== undefined) {
      free.set(row);
      held.push(free);
    }
    const total = heights[y] ?? 1;
    for (let i = 0; i < columns; i++) row[i] = (sums[i] ?? 0) / total;
  }
}

function weigh(sums: Float64Array, line: Float32Array, weight: number): void {
  for (let i = 0; i < sums.length; i++) sums[i] = weight * (line[i] ?? 0);
}

function addPair(sums: Float64Array, one: Float32Array, other: Float32Array, weight: number): void {
  for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] ?? 0) + weight * ((one[i] ?? 0) + (other[i] ?? 0));
}

/** What the weights of a cell and those around it add up to, along an axis. */
function totalsAlong(cells: number, weights: readonly number[]): Float64Array {
  const reach = weights.length >> 1;
  return Float64Array.from({ length: cells }, (_, i) =>
    weights.reduce((sum, weight, k) => {
      const at = i + k - reach;
      return at < 0 || at >= cells ? sum : sum + weight;
    }, 0),
  );
}

/** Writes the numbers of the pixels of a row: straight lines between the middles of the cells. */
export function expandRow(map: Float32Array, grid: CellGrid, y: number, row: Float32Array): void {
  const line = new Float64Array(grid.columns);
  betweenLines(map, grid, y, line);
  betweenCells(line, grid, row);
}

/** Writes the numbers that the middles of cells have at the height of a row of pixels. */
export function betweenLines(
  map: Float32Array,
  { side, columns, rows }: CellGrid,
  y: number,
  line: Float64Array,
): void {
  const down = Math.min(rows - 1, Math.max(0, (y + 0.5) / side - 0.5));
  const above = Math.floor(down) * columns;
  const below = Math.min(rows - 1, Math.floor(down) + 1) * columns;
  const low = down - Math.floor(down);
  for (let i = 0; i < columns; i++) {
    const top = map[above + i] ?? 0;
    line[i] = top + low * ((map[below + i] ?? 0) - top);
  }
}

/** Writes the numbers of the pixels of a row whose cells have those of `line`. */
export function betweenCells(
  line: Float64Array,
  { side, columns, width }: CellGrid,
  row: Float32Array,
): void {
  const half = side >> 1;
  const middle = 0.5 - (side & 1) / 2;
  const end = line[columns - 1] ?? 0;
  let [left, right] = [line[0] ?? 0, line[0] ?? 0];
  for (let x = 0, cell = 0, within = side - half; x < width; cell++) {
    const step = (right - left) / side;
    const until = Math.min(width, x + side - within);
    for (let at = within + middle; x < until; x++, at++) row[x] = left + step * at;
    within = 0;
    left = right;
    right = cell + 1 < columns ? (line[cell + 1] ?? 0) : end;
  }
}
