/** The shortest side that there is. */
const SHORTEST = 16;

/**
 * The sides of tiles that are taken for pictures smaller than a tile may be: every program is made for tiles of one size, so
 * there are few of them, four from each power of two to the next. A picture is mirrored up to the next side, which is
 * longer by a tenth as a mean and never by more than a quarter.
 *
 * @param multiple sides are multiples of this
 *
 * @example
 * tileSize(481, 2); // 512
 * tileSize(130, 1); // 160
 */
export function tileSize(side: number, multiple: number): number {
  const octave = 2 ** Math.ceil(Math.log2(Math.max(side, SHORTEST)));
  const step = Math.max(SHORTEST, octave / 8);
  return Math.ceil((Math.ceil(side / step) * step) / multiple) * multiple;
}
