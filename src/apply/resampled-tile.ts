import { bicubicResize, extractTile, type PlanesSize, type Tile, tileInside } from '../pixels/index.js';

/** The answer to a tile, `from` times as large, resampled to be `to` times as large; beyond the picture's edges there is nothing. */
export function resampledTile(
  answer: Float32Array,
  { channels, width, height }: PlanesSize,
  tile: Tile,
  [from, to]: readonly [number, number],
): { readonly answer: Float32Array; readonly tile: Tile } {
  const inside = tileInside(tile, width, height);
  const { input } = inside;
  const within = {
    x: (input.x - tile.input.x) * from,
    y: (input.y - tile.input.y) * from,
    width: input.width * from,
    height: input.height * from,
  };
  const cut = extractTile(answer, channels, tile.input.height * from, tile.input.width * from, within);
  const size = { width: input.width * to, height: input.height * to };
  return { answer: bicubicResize(cut, { channels, ...within }, size), tile: inside };
}
