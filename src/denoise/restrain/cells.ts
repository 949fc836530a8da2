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
 * @param weights an odd number of them, the middle one for the cell itself
 */
export function smoothCells(map: Float32Array, grid: CellGrid, weights: readonly number[]): void {
  const { columns, rows } = grid;
  smoothLines(map, weights, { lines: rows, length: columns, line: columns, step: 1 });
  smoothLines(map, weights, { lines: columns, length: rows, line: 1, step: columns });
}

/** How the numbers of a line lie in a map. */
interface Lines {
  readonly lines: number;
  readonly length: number;
  readonly line: number;
  readonly step: number;
}

function smoothLines(
  map: Float32Array,
  weights: readonly number[],
  { lines, length, line, step }: Lines,
): void {
  const reach = weights.length >> 1;
  const before = new Float32Array(length);
  for (let n = 0; n < lines; n++) {
    const first = n * line;
    for (let i = 0; i < length; i++) before[i] = map[first + i * step] ?? 0;
    for (let i = 0; i < length; i++) {
      let [sum, total] = [0, 0];
      const [from, to] = [Math.max(0, i - reach), Math.min(length - 1, i + reach)];
      for (let k = from; k <= to; k++) {
        const weight = weights[k - i + reach] ?? 0;
        sum += weight * (before[k] ?? 0);
        total += weight;
      }
      map[first + i * step] = sum / total;
    }
  }
}

/** Writes the numbers of the pixels of a row: straight lines between the middles of the cells. */
export function expandRow(map: Float32Array, grid: CellGrid, y: number, row: Float32Array): void {
  const { side, columns, rows, width } = grid;
  const down = Math.min(rows - 1, Math.max(0, (y + 0.5) / side - 0.5));
  const above = Math.floor(down) * columns;
  const below = Math.min(rows - 1, Math.floor(down) + 1) * columns;
  const low = down - Math.floor(down);
  const at = (i: number): number => {
    const top = map[above + i] ?? 0;
    return top + low * ((map[below + i] ?? 0) - top);
  };
  const half = side >> 1;
  let [left, right] = [at(0), at(0)];
  for (let x = 0, cell = 0, within = side - half; x < width; x++) {
    row[x] = left + ((right - left) * (within + 0.5 - (side & 1) / 2)) / side;
    within += 1;
    if (within < side) continue;
    within = 0;
    left = right;
    cell += 1;
    right = cell < columns ? at(cell) : left;
  }
}
