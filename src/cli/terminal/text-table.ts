import { printable } from '../../printable.js';
import { widthOf } from './terminal-line.js';

/** A row of a table; `undefined` is a line across it. */
export type TableRow = readonly string[] | undefined;

/**
 * A table for people: every column as wide as its widest cell, the first ones to the left, numbers to the right.
 *
 * @param rows of which the first has the titles
 * @param names so many columns at the beginning hold names, not numbers
 */
export function textTable(rows: readonly TableRow[], names = 1): readonly string[] {
  const cells = rows.map((row) => row?.map(printable));
  const columns = Math.max(0, ...cells.map((row) => row?.length ?? 0));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...cells.map((row) => widthOf(row?.[column] ?? ''))),
  );
  const rule = '─'.repeat(widths.reduce((sum, width) => sum + width, 2 * (columns - 1)));
  return cells.map((row) =>
    row === undefined
      ? rule
      : row
          .map((cell, i) => {
            const room = ' '.repeat((widths[i] ?? 0) - widthOf(cell));
            return i < names ? cell + room : room + cell;
          })
          .join('  ')
          .trimEnd(),
  );
}
