import type { Kernel } from '../../webassembly/index.js';

/** Places are compared by the 3² numbers around them: that is how `alikeRow` is made. */
export const PATCH = 1;

/** Numbers around maps in a kernel's memory that are read and written, but mean nothing. */
export const MARGIN = 16;

const floatBytes = Float32Array.BYTES_PER_ELEMENT;

/** Where a kernel finds what belongs to a map that lies at the beginning of its memory, in maps from there. */
export interface AlikeParts {
  readonly scales: number;
  readonly counts: number;
  readonly sums: number;
  /** Room for a row. */
  readonly row: number;
}

/**
 * Compares each place of a map with every `step`th one of a window of (2 · reach + 1)² around it: each pair once, by a kernel of `alikeRow`.
 *
 * @param room numbers from one map in the memory to the next
 */
export function compareAlike(
  { run }: Kernel,
  { width, rows, room }: { readonly width: number; readonly rows: number; readonly room: number },
  { reach, step }: { readonly reach: number; readonly step: number },
  { scales, counts, sums, row }: AlikeParts,
): void {
  const ways = [scales, counts, sums, row, 1].map((maps) => maps * room * floatBytes);
  for (let down = 0; down <= reach; down += step)
    for (let across = down === 0 ? step : -reach; across <= reach; across += step) {
      const [left, right] = [Math.max(0, -across), Math.min(width, width - across)];
      if (right - left <= 2 * PATCH) continue;
      const offset = (down * width + across) * floatBytes;
      for (let y = 0; y < rows - down - 2 * PATCH; y++) {
        const first = (MARGIN + y * width) * floatBytes;
        run(first + left * floatBytes, first + right * floatBytes, offset, width * floatBytes, ...ways);
      }
    }
}
