import { enlargedTile, type PlanesSize, placeTile, type Tile } from '../pixels/index.js';
import { muchInThread } from '../in-thread.js';
import { resampledTile } from './resampled-tile.js';

/** Where the answer of a network to a tile belongs. */
export interface AnswerPlace {
  /** The picture that the tile was cut out of. */
  readonly picture: PlanesSize;
  readonly tile: Tile;
  /** How many times as large as the tile the answer is. */
  readonly from: number;
  /** How many times as large as the picture the result is: where it is less, the answer is resampled. */
  readonly to: number;
}

/**
 * Puts the answer of a network to a tile at its place in the result.
 *
 * @param colour `[3, tile height · from, tile width · from]`; for a grey picture the mean of the planes counts
 * @param result `[channels, height · to, width · to]`; it is written over
 * @returns false where the answer holds a value that is not a number
 */
export function placeAnswer(
  colour: Float32Array,
  result: Float32Array,
  { picture, tile, from, to }: AnswerPlace,
): boolean {
  if (!isNumbers(colour)) return false;
  const { channels, width, height } = picture;
  const whole = channels === 3 ? colour : greyOf(colour);
  const { answer, tile: placed } =
    from === to ? { answer: whole, tile } : resampledTile(whole, picture, tile, [from, to]);
  placeTile(result, channels, height * to, width * to, answer, enlargedTile(placed, to));
  return true;
}

/** {@link placeAnswer}, of a large answer in another thread; the answer is given away. */
export const placeAnswerAside = muchInThread(
  new URL('./place-answer.js', import.meta.url),
  placeAnswer,
  (colour) => colour.length,
  (colour) => [colour],
);

/** Whether none is NaN. A loop, because a callback for each of millions takes many times as long. */
function isNumbers(data: Float32Array): boolean {
  for (let i = 0; i < data.length; i++) if (Number.isNaN(data[i])) return false;
  return true;
}

/** The mean of three planes. */
function greyOf(colour: Float32Array): Float32Array {
  const pixels = colour.length / 3;
  const grey = new Float32Array(pixels);
  for (let i = 0; i < pixels; i++)
    grey[i] = ((colour[i] ?? 0) + (colour[pixels + i] ?? 0) + (colour[2 * pixels + i] ?? 0)) / 3;
  return grey;
}
