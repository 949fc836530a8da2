import { ALIKE_REACH, alikeMeans, lumaOfColour, type PlanesSize } from '../../pixels/index.js';
import type { NoiseMeasurement } from '../measure-noise/measure-noise.js';
import { EDGE_REACH, plainEdges } from './plain-edges.js';
import type { Restraint, RowsTaker } from './restrain.js';

/** Rows that are worked on at once. */
const STRIP = 128;

/** Rows above and below that have a say. */
const REACH = ALIKE_REACH + EDGE_REACH;

/** So much of the measured noise may be left along edges, and no more than that. */
const LEFT = 0.5;
const MOST = 5 / 255;

/**
 * Calms what is left of noise along plain edges of a result that comes row by row: a network takes it for the edge itself, and leaves it ragged.
 * Brightness becomes the mean of the places around it that differ by no more than half the noise ({@link alikeMeans}): those along the same edge,
 * so that it stays as sharp as it is. Colour is not touched, and pictures of other than 3 channels stay as they are. *This program's own.*
 *
 * @param take is given the rows, in their order
 * @param noise what was measured in the noisy picture
 * @param scales how much of it is done, 0 to 1, everywhere and for each pixel
 */
export function withCalmEdges(
  take: RowsTaker,
  { channels, width, height }: PlanesSize,
  { luma: noise, evidence }: Pick<NoiseMeasurement, 'luma' | 'evidence'>,
  { luma, mask }: Pick<Restraint, 'luma' | 'mask'>,
): RowsTaker {
  if (channels !== 3 || noise === 0 || evidence * luma === 0) return take;
  const variance = Math.min(MOST, LEFT * noise) ** 2;
  const held = Array.from({ length: channels }, () => new Float32Array((STRIP + 2 * REACH) * width));
  const rows = Array.from({ length: channels }, () => new Float32Array(width));
  // The first row that is held, how many are, and the first that was not given on yet.
  let [top, count, next] = [0, 0, 0];
  const giveOn = (to: number): void => {
    const [red, green, blue] = held;
    const brightness = new Float32Array(count * width);
    for (let i = 0; i < brightness.length; i++)
      brightness[i] = lumaOfColour(red?.[i] ?? 0, green?.[i] ?? 0, blue?.[i] ?? 0);
    const edges = plainEdges(brightness, width, noise);
    const means = alikeMeans(brightness, width, () => variance);
    for (; next < to; next++) {
      const first = (next - top) * width;
      for (const [channel, row] of rows.entries())
        for (let x = 0; x < width; x++) {
          const share = evidence * luma * (mask?.[next * width + x] ?? 1) * (edges[first + x] ?? 0);
          const change = (means[first + x] ?? 0) - (brightness[first + x] ?? 0);
          row[x] = (held[channel]?.[first + x] ?? 0) + share * change;
        }
      take(next, rows);
    }
    const kept = Math.max(0, next - REACH - top);
    for (const plane of held) plane.copyWithin(0, kept * width, count * width);
    [top, count] = [top + kept, count - kept];
  };
  return (y, given) => {
    for (const [channel, row] of given.entries()) held[channel]?.set(row, count * width);
    count += 1;
    if (y === height - 1) giveOn(height);
    else if (count === STRIP + 2 * REACH) giveOn(top + count - REACH);
  };
}
