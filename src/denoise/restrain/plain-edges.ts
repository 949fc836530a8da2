import { boxMeans } from '../../pixels/index.js';

/** Slopes are looked at together in windows of 5² pixels. */
const REACH = 2;

/** So many rows above and below one decide how plain its edges are. */
export const EDGE_REACH = REACH + 1;

/** How much more brightness changes in one direction than across it, as a share of both: from where an edge begins to be plain, and where it is. */
const ONE_WAY = [0.6, 0.9] as const;

/** How much brightness changes there from pixel to pixel, in multiples of the noise: from where, and to where. */
const STEEP = [0.7, 1.5] as const;

const ramp = (value: number, [from, to]: readonly [number, number]): number =>
  Math.min(1, Math.max(0, (value - from) / (to - from)));

/** The squares and the product of Sobel's slopes, across and down; beyond the edges of the picture its outermost numbers go on. */
function slopes(
  luma: Float32Array,
  width: number,
): readonly [across: Float32Array, down: Float32Array, both: Float32Array] {
  const rows = width === 0 ? 0 : luma.length / width;
  const map = (): Float32Array => new Float32Array(luma.length);
  const [xx, yy, xy] = [map(), map(), map()];
  for (let y = 0; y < rows; y++) {
    const [above, here, below] = [Math.max(0, y - 1) * width, y * width, Math.min(rows - 1, y + 1) * width];
    for (let x = 0; x < width; x++) {
      const [left, right] = [Math.max(0, x - 1), Math.min(width - 1, x + 1)];
      const falling = (luma[below + right] ?? 0) - (luma[above + left] ?? 0);
      const rising = (luma[above + right] ?? 0) - (luma[below + left] ?? 0);
      const across = (falling + rising + 2 * ((luma[here + right] ?? 0) - (luma[here + left] ?? 0))) / 8;
      const down = (falling - rising + 2 * ((luma[below + x] ?? 0) - (luma[above + x] ?? 0))) / 8;
      xx[here + x] = across * across;
      yy[here + x] = down * down;
      xy[here + x] = across * down;
    }
  }
  return [xx, yy, xy];
}

/**
 * Where there are plain edges: brightness changes more than noise makes it, and in one direction. By the structure tensor (Förstner and Gülch,
 * 1987). *The limits are this program's own.*
 *
 * @param luma rows of `width` numbers
 * @param deviation of the noise
 * @returns for every number how plain an edge it lies on, 0 to 1
 */
export function plainEdges(luma: Float32Array, width: number, deviation: number): Float32Array {
  const [xx, yy, xy] = slopes(luma, width).map((map) => boxMeans(map, width, REACH));
  return luma.map((_, i) => {
    const [first, second] = [xx?.[i] ?? 0, yy?.[i] ?? 0];
    const half = (first + second) / 2;
    const apart = Math.hypot((first - second) / 2, xy?.[i] ?? 0);
    if (apart === 0) return 0;
    return ramp(apart / half, ONE_WAY) * ramp(Math.sqrt(half + apart) / deviation, STEEP);
  });
}
