import { ALIKE_COLOURS_REACH, alikeColours, type PlanesSize } from '../../pixels/index.js';
import type { RowsTaker } from './restrain.js';

/** Rows that are worked on at once, beside those around them. */
const STRIP = 128;

/**
 * Brings each colour nearer to the mean of those around it that are alike, on the way of a picture's rows: see {@link alikeColours}.
 *
 * @param distance how far colours may differ, in units of the picture
 * @param take is given the rows of the result, some time after they came
 * @returns takes the rows of the picture
 */
export function alikeRows(
  { channels, width, height }: PlanesSize,
  distance: number,
  take: RowsTaker,
): RowsTaker {
  /** Rows of each channel, as they came: those that are to be done, and those around them. */
  const held: Float32Array[][] = Array.from({ length: channels }, () => []);
  let [first, done] = [0, 0];

  const work = (end: number): void => {
    const count = held[0]?.length ?? 0;
    const strip = new Float32Array(channels * count * width);
    for (const [channel, rows] of held.entries())
      for (const [y, row] of rows.entries()) strip.set(row, (channel * count + y) * width);
    const made = alikeColours(strip, { channels, width, height: count }, distance);
    for (; done < end; done++)
      take(
        done,
        held.map((_, channel) => {
          const at = (channel * count + done - first) * width;
          return made.subarray(at, at + width);
        }),
      );
    const gone = Math.max(0, done - ALIKE_COLOURS_REACH - first);
    for (const rows of held) rows.splice(0, gone);
    first += gone;
  };

  return (y, rows) => {
    for (const [channel, row] of rows.entries()) held[channel]?.push(row.slice());
    const last = y === height - 1;
    if (last || y + 1 - done === STRIP + ALIKE_COLOURS_REACH)
      work(last ? height : y + 1 - ALIKE_COLOURS_REACH);
  };
}
