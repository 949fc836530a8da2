import type { Block } from '../emitter.js';
import { POINTS } from '../plan/image-rows.js';

/**
 * Winograd's minimal filtering F(4, 3) at the points 0, 1, −1, 2, −2 and ∞ (Lavin and Gray, CVPR 2016, section 4.3): for six
 * rows d of an image and the three taps g of a column,
 *
 *     y = Aᵀ · (G g ⊙ Bᵀ d)
 *
 * are the four rows that g gives.
 */
export const imageTransform: readonly number[] = [
  [4, 0, -5, 0, 1, 0],
  [0, -4, -4, 1, 1, 0],
  [0, 4, -4, -1, 1, 0],
  [0, -2, -1, 2, 1, 0],
  [0, 2, -1, -2, 1, 0],
  [0, 4, 0, -5, 0, 1],
].flat();

/** Aᵀ. */
export const outputTransform: readonly number[] = [
  [1, 1, 1, 1, 1, 0],
  [0, 1, -1, 2, -2, 0],
  [0, 1, 1, 4, 4, 0],
  [0, 1, -1, 8, -8, 1],
].flat();

/** The point whose column of Aᵀ is all ones: what is added there is added to every row. */
export const POINT_OF_BIAS = 1;

/** Channels of the input that a weight is cut to. */
interface Cut {
  readonly start: number;
  readonly length: number;
}

/**
 * G applied to the columns of a weight `[out, in, 3, 3]`, for some of its input channels: the weight of a convolution of
 * `POINTS` groups with kernels of 1×3, in the order in which the blocked convolution reads it,
 * `[points · out / b, in / b, 1, 3, b in, b out]`.
 */
export function winogradWeight(
  weight: Float32Array,
  [out, into]: readonly [number, number],
  { start, length }: Cut,
  b: Block,
): Float32Array {
  const result = new Float32Array(POINTS * out * length * 3);
  // From the same place of one point to that of the next.
  const point = out * length * 3;
  let at = 0;
  for (let slab = 0; slab < out; slab += b)
    for (let c = 0; c < length; c += b)
      for (let x = 0; x < 3; x++)
        for (let within = c; within < c + b; within++)
          for (let o = slab; o < slab + b; o++, at++) {
            const column = (o * into + start + within) * 9 + x;
            const [above, middle, below] = [
              weight[column] ?? 0,
              weight[column + 3] ?? 0,
              weight[column + 6] ?? 0,
            ];
            const even = above + below;
            const far = above / 24 + below / 6;
            result[at] = above / 4;
            result[at + point] = -(even + middle) / 6;
            result[at + 2 * point] = (middle - even) / 6;
            result[at + 3 * point] = far + middle / 12;
            result[at + 4 * point] = far - middle / 12;
            result[at + 5 * point] = below;
          }
  return result;
}
