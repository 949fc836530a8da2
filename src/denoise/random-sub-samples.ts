import type { Random } from '../nn/index.js';
import type { Tensor, TensorSpec, TensorValue } from '../tensor/index.js';
import {
  add,
  constant,
  extent,
  formatShape,
  gather,
  imageShape,
  reshape,
  transpose,
} from '../tensor/index.js';

/** How a batch is cut into cells. */
export interface CellGrid {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  /** Side of a cell, p in SDAP: 5. */
  readonly stride: number;
}

/** The permutations of a batch: `[batch, height/p, width/p, p²]`, int32. */
export function permutationSpec({
  batch,
  height,
  width,
  stride,
}: CellGrid): TensorSpec & { readonly dtype: 'int32' } {
  return { shape: [batch, height / stride, width / stride, stride * stride], dtype: 'int32' };
}

/**
 * Draws an independent, uniformly random permutation of the p² positions for every cell of every image
 * (SDAP, random sub-samples generation): entry j of a cell is the row-major index of the pixel that sub-sample j takes.
 */
export function drawPermutations(random: Random, grid: CellGrid): TensorValue {
  const { shape, dtype } = permutationSpec(grid);
  const positions = grid.stride * grid.stride;
  const data = new Int32Array(shape.reduce((product, e) => product * e, 1));
  for (let cell = 0; cell < data.length; cell += positions) {
    // Fisher–Yates, inside out.
    for (let i = 0; i < positions; i++) {
      const j = random.integer(i + 1);
      data[cell + i] = data[cell + j] ?? 0;
      data[cell + j] = i;
    }
  }
  return { data, shape, dtype };
}

/**
 * SDAP's random sub-samples generation: p² images that take one pixel of each p × p cell, each pixel exactly once.
 *
 * @param x `[batch, channels, height, width]`, sides multiples of p.
 * @param permutation `[batch, height/p, width/p, p²]`, shared by the channels; the identity gives {@link pixelDownsample}.
 * @returns `[p²·batch, channels, height/p, width/p]`, sub-samples outermost.
 */
export function randomSubSamples(x: Tensor, permutation: Tensor): Tensor {
  const [batch, channels, height, width] = imageShape(x, 'randomSubSamples');
  const positions = extent(permutation.shape, -1);
  const stride = Math.sqrt(positions);
  const [rows, columns] = [height / stride, width / stride];
  if (permutation.shape.join() !== [batch, rows, columns, positions].join())
    throw new RangeError(
      `randomSubSamples: permutation ${formatShape(permutation.shape)} does not fit ${formatShape(x.shape)}`,
    );
  const cells = transpose(reshape(x, [batch, channels, rows, stride, columns, stride]), [0, 2, 4, 3, 5, 1]);
  const pixels = reshape(cells, [batch * rows * columns * positions, channels]);
  const firstOfCell = Int32Array.from({ length: batch * rows * columns }, (_, cell) => cell * positions);
  const indices = add(permutation, constant(firstOfCell, [batch, rows, columns, 1]));
  const samples = gather(pixels, transpose(indices, [3, 0, 1, 2]));
  return reshape(transpose(samples, [0, 1, 4, 2, 3]), [positions * batch, channels, rows, columns]);
}
