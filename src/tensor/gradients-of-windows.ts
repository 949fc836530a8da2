import type { GradientRule } from './gradients.js';
import {
  add,
  blockSum,
  cast,
  constant,
  convolutionInputGradient,
  convolutionWeightGradient,
  equal,
  multiply,
  pad,
  slice,
  subtract,
  sum,
  upsampleNearest,
} from './operations/index.js';
import type { PoolingGeometry } from './primitives.js';
import { scatterSlice } from './scatter-slice.js';
import { elementCount, imageShape } from './shape.js';
import type { Shape, Tensor } from './tensor.js';
import { createTensor } from './tensor.js';

/**
 * A convolution is linear in x and in its weight, and its two adjoints are each other's and its own derivatives:
 * the three close under differentiation.
 */
export const convolutionGradients: {
  readonly convolution: GradientRule<'convolution'>;
  readonly convolutionInputGradient: GradientRule<'convolutionInputGradient'>;
  readonly convolutionWeightGradient: GradientRule<'convolutionWeightGradient'>;
} = {
  convolution: ({ inputs: [x, weight, bias], attributes, upstream }) => [
    convolutionInputGradient(upstream, weight, attributes, x.shape),
    convolutionWeightGradient(x, upstream, attributes, weight.shape),
    ...(bias === undefined ? [] : [sum(upstream, { axes: [0, 2, 3] })]),
  ],
  convolutionInputGradient: ({ inputs: [g, weight], attributes, upstream }) => [
    createTensor('convolution', [upstream, weight], attributes, g.shape),
    convolutionWeightGradient(upstream, g, attributes, weight.shape),
  ],
  convolutionWeightGradient: ({ inputs: [x, g], attributes, upstream }) => [
    convolutionInputGradient(g, upstream, attributes, x.shape),
    createTensor('convolution', [x, upstream], attributes, g.shape),
  ],
};

/** 1 inside an image, 0 in the padding after it. */
function insideMask(
  [height, width]: readonly [number, number],
  [, , bottom, right]: PoolingGeometry['padding'],
): Tensor {
  const shape: Shape = [1, 1, height + bottom, width + right];
  const data = new Float32Array(elementCount(shape));
  for (let y = 0; y < height; y++) data.fill(1, y * (width + right), y * (width + right) + width);
  return constant(data, shape);
}

/**
 * Where windows stand side by side and cover the image, everything happens at the image's size, with few passes: pixels that
 * equal the maximum of their window are ranked from k² in its first corner to 1 in its last, and the highest rank has won.
 * `rank = [x = up(y)]·(k² … 1)`, `dx = [rank = up(maxPool(rank))] · up(g)`.
 */
function tiledMaxPoolGradient(
  x: Tensor,
  output: Tensor,
  upstream: Tensor,
  geometry: PoolingGeometry,
): Tensor {
  const [, , height, width] = imageShape(x, 'maxPool');
  const side = geometry.kernel[0];
  const ranks = Float32Array.from(
    { length: height * width },
    (_, i) => side * side - (Math.floor(i / width) % side) * side - ((i % width) % side),
  );
  const isMaximum = cast(equal(x, upsampleNearest(output, side)), 'float32');
  const rank = multiply(isMaximum, constant(ranks, [1, 1, height, width]));
  const highest = createTensor('maxPool', [rank], geometry, output.shape);
  const won = cast(equal(rank, upsampleNearest(highest, side)), 'float32');
  return multiply(won, upsampleNearest(upstream, side));
}

/** Whether square windows stand side by side and cover an image of this size. */
function tiles({ kernel, stride, padding }: PoolingGeometry, [, , height = 0, width = 0]: Shape): boolean {
  const side = kernel[0];
  return (
    [kernel[1], ...stride].every((extent) => extent === side) &&
    padding.every((pixels) => pixels === 0) &&
    height % side === 0 &&
    width % side === 0
  );
}

/**
 * Goes through the taps of the window in row-major order; the first that equals the maximum takes the whole gradient:
 * `wonₜ = [xₜ = y]·(1 − Σ_{s<t} wonₛ)`, `dx = Σₜ scatterₜ(wonₜ · g)`.
 */
export const maxPoolGradient: GradientRule<'maxPool'> = ({ inputs: [x], attributes, output, upstream }) => {
  if (tiles(attributes, x.shape)) return [tiledMaxPoolGradient(x, output, upstream, attributes)];
  const { kernel, stride, padding } = attributes;
  const [, , height, width] = imageShape(x, 'maxPool');
  const [, , rows, columns] = imageShape(output, 'maxPool');
  const overhangs = padding[2] > 0 || padding[3] > 0;
  const after = [0, 0, padding[2], padding[3]];
  const padded = pad(x, [0, 0, 0, 0], after);
  const inside = overhangs ? insideMask([height, width], padding) : undefined;
  let free: Tensor | undefined;
  let gradient: Tensor | undefined;
  for (let v = 0; v < kernel[0]; v++) {
    for (let u = 0; u < kernel[1]; u++) {
      const ranges = [
        { axis: 2, start: v, length: rows, step: stride[0] },
        { axis: 3, start: u, length: columns, step: stride[1] },
      ];
      let won = cast(equal(slice(padded, ...ranges), output), 'float32');
      if (inside !== undefined) won = multiply(won, slice(inside, ...ranges));
      if (free !== undefined) won = multiply(won, free);
      free = subtract(free ?? 1, won);
      const placement = { starts: [0, 0, v, u], steps: [1, 1, ...stride] };
      const placed = scatterSlice(multiply(won, upstream), placement, padded.shape);
      gradient = gradient === undefined ? placed : add(gradient, placed);
    }
  }
  if (gradient === undefined) throw new RangeError('maxPool: an empty window has no gradient');
  return [slice(gradient, { axis: 2, start: 0, length: height }, { axis: 3, start: 0, length: width })];
};

/** Repeating pixels and summing blocks of them are each other's adjoints. */
export const blockGradients: {
  readonly upsample: GradientRule<'upsample'>;
  readonly blockSum: GradientRule<'blockSum'>;
} = {
  upsample: ({ attributes: { factor }, upstream }) => [blockSum(upstream, factor)],
  blockSum: ({ attributes: { factor }, upstream }) => [upsampleNearest(upstream, factor)],
};
