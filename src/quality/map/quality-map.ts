import { repeatIndex } from '../../pixels/index.js';
/** A plane of numbers, row by row. */
export interface Grid {
  readonly rows: number;
  readonly columns: number;
  /** `[rows, columns]` */
  readonly data: Float32Array;
}

/** The quality of places in a picture. */
export interface QualityMap extends Grid {
  /**
   * How many of the map's rows and columns the picture is high and wide. Not whole where the picture's sides are no
   * multiples of a place's: the last places reach over its edge.
   */
  readonly down: number;
  readonly across: number;
  /** The score of the whole picture. */
  readonly score: number;
}

/** The value at a place between the samples, whose middles are at whole numbers; beyond the edge the edge goes on. */
export function bilinearAt({ rows, columns, data }: Grid, row: number, column: number): number {
  const [y, x] = [repeatIndex(row, rows), repeatIndex(column, columns)];
  const [top, left] = [Math.floor(y), Math.floor(x)];
  const [bottom, right] = [repeatIndex(top + 1, rows), repeatIndex(left + 1, columns)];
  const [down, along] = [y - top, x - left];
  const at = (r: number, c: number): number => data[r * columns + c] ?? 0;
  const upper = at(top, left) * (1 - along) + at(top, right) * along;
  const lower = at(bottom, left) * (1 - along) + at(bottom, right) * along;
  return upper * (1 - down) + lower * down;
}

/** σ(x), for numbers. */
const sigmoidOf = (x: number): number => 1 / (1 + Math.exp(-x));

/** Logits as qualities in [0, 1]. */
export function qualitiesOf({ rows, columns, data }: Grid): Grid {
  return { rows, columns, data: data.map(sigmoidOf) };
}

/**
 * The mean of several grids of one picture, on the finest one: coarser ones are enlarged bilinearly.
 *
 * @param grids their sides are multiples of each other
 */
export function meanGrid(grids: readonly Grid[]): Grid {
  const rows = Math.max(...grids.map((grid) => grid.rows));
  const columns = Math.max(...grids.map((grid) => grid.columns));
  const data = new Float32Array(rows * columns);
  for (const grid of grids) {
    const [down, along] = [grid.rows / rows, grid.columns / columns];
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const value = bilinearAt(grid, (row + 0.5) * down - 0.5, (column + 0.5) * along - 0.5);
        data[row * columns + column] = (data[row * columns + column] ?? 0) + value / grids.length;
      }
  }
  return { rows, columns, data };
}

/** The places of a grid that show something of the picture: those that lie in its padding alone are cut off. */
export function shownPart(grid: Grid, down: number, across: number): Grid {
  const [rows, columns] = [Math.ceil(down), Math.ceil(across)];
  const data = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const from = row * grid.columns;
    data.set(grid.data.subarray(from, from + columns), row * columns);
  }
  return { rows, columns, data };
}

/**
 * How much each place of a grid counts in a mean over the picture: the share of it that lies in the picture and not in its
 * padding. They add up to 1.
 *
 * @param down how many rows of places the picture is high; `across`, how many columns it is wide
 * @returns `[rows, columns]`
 */
export function coverageOf(
  { rows, columns }: Pick<Grid, 'rows' | 'columns'>,
  down: number,
  across: number,
): Float32Array {
  const share = (size: number, index: number): number => Math.min(1, Math.max(0, size - index));
  return Float32Array.from(
    { length: rows * columns },
    (_, i) => (share(down, Math.floor(i / columns)) * share(across, i % columns)) / (down * across),
  );
}
