import { type PictureValues, type PlanesSize, rowOf } from '../../pixels/index.js';
import { cellsOf, expandRow, smoothCells } from './cells.js';

/** The side of a cell, and what of its neighbours counts: some forty pixels by forty. */
const SIDE = 8;
const AROUND: readonly number[] = [0.5, 1, 1, 1, 0.5];

/** Where another network takes away so many times as much, it begins to take texture, and from here on it counts for nothing. */
const MORE = 1.2;
const TOO_MUCH = 1.5;

/**
 * Mixes the answer of a network with that of another to the same noisy picture. The other counts less where it takes away clearly more: what
 * that is, then, is no longer noise.
 *
 * @param noisy `[channels, height, width]`, `[0, 1]`
 * @param answer of the same size; its values are written over
 * @param other of the same size
 * @param share how much the other counts at most, 0 to 1
 * @returns `answer`
 */
export function mixedAnswers(
  noisy: PictureValues,
  answer: Float32Array,
  other: Float32Array,
  planes: PlanesSize,
  share: number,
): Float32Array {
  const { channels, width, height } = planes;
  const grid = cellsOf(planes, SIDE);
  const [own, others] = [
    new Float32Array(grid.columns * grid.rows),
    new Float32Array(grid.columns * grid.rows),
  ];
  const read = new Float32Array(width);
  for (let channel = 0; channel < channels; channel++)
    for (let y = 0; y < height; y++) {
      const first = (channel * height + y) * width;
      const row = rowOf(noisy, planes, channel, y, read);
      const line = Math.floor(y / SIDE) * grid.columns;
      for (let x = 0; x < width; x++) {
        const [cell, before] = [line + Math.floor(x / SIDE), row[x] ?? 0];
        own[cell] = (own[cell] ?? 0) + (before - (answer[first + x] ?? 0)) ** 2;
        others[cell] = (others[cell] ?? 0) + (before - (other[first + x] ?? 0)) ** 2;
      }
    }
  for (const map of [own, others]) smoothCells(map, grid, AROUND);
  const shares = own.map((sum, cell) => {
    const times = Math.sqrt((others[cell] ?? 0) / Math.max(sum, Number.MIN_VALUE));
    return share * Math.min(1, Math.max(0, (TOO_MUCH - times) / (TOO_MUCH - MORE)));
  });
  const counts = new Float32Array(width);
  for (let y = 0; y < height; y++) {
    expandRow(shares, grid, y, counts);
    for (let channel = 0; channel < channels; channel++) {
      const first = (channel * height + y) * width;
      for (let x = 0; x < width; x++) {
        const value = answer[first + x] ?? 0;
        answer[first + x] = value + (counts[x] ?? 0) * ((other[first + x] ?? 0) - value);
      }
    }
  }
  return answer;
}
