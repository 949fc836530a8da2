import {
  add,
  blockSum,
  concat,
  divide,
  imageShape,
  multiply,
  padReplicate,
  slice,
  sqrt,
  square,
  subtract,
  type Tensor,
  total,
  upsampleNearest,
} from '../tensor/index.js';

/** What {@link localEdges} tells of each place, `[batch, 1, height, width]` each. */
export interface LocalEdges {
  /** The slope across the edge, per unit of length. */
  readonly slope: Tensor;
  /** How well the directions of slopes nearby agree: 0 not at all, to 1, a straight edge. */
  readonly agreement: Tensor;
  /** The second derivative across the edge, per unit of length squared: negative on the bright side. */
  readonly curvature: Tensor;
}

/** In what sizes {@link localEdges} thinks, in pixels. */
export interface EdgeScales {
  /** The blur before slopes are taken. */
  readonly before: Blur;
  /** What slopes nearby are averaged over: blocks of this side, and then a blur of blocks. */
  readonly block: number;
  readonly around: Blur;
  /** The unit of length. */
  readonly unit: number;
}

/** Moving means of an odd side, several times: three of side 3 are nearly a Gaussian of standard deviation √2. */
export interface Blur {
  readonly side: number;
  readonly times: number;
}

/** Below this, slopes are none: in squares of 255 per pixel. */
const LEAST = 1e-3;

/**
 * The edges of a plane by its structure tensor: the slopes of the blurred plane, their products averaged nearby, and of that the direction
 * in which slopes are largest (Förstner and Gülch 1987).
 *
 * All of it is sums of the plane moved by a few pixels: ONNX Runtime takes several times as long for a convolution of one channel.
 *
 * @param plane `[batch, 1, height, width]`, values of 0 to 255, sides multiples of the block's
 */
export function localEdges(plane: Tensor, { before, block, around, unit }: EdgeScales): LocalEdges {
  const soft = neighbours(blurred(plane, before));
  const [left, right, above, below] = [soft(0, -1), soft(0, 1), soft(-1, 0), soft(1, 0)];
  const across = subtract(right, left);
  const down = subtract(below, above);
  const products = concat([square(across), square(down), multiply(across, down)], 1);
  const blocks = multiply(blurred(blockSum(products, block), around), 0.25 / block ** 2);
  const part = (x: Tensor, start: number): Tensor => slice(x, { axis: 1, start, length: 1 });
  const [xx, yy, xy] = [part(blocks, 0), part(blocks, 1), part(blocks, 2)];
  const energy = add(add(xx, yy), LEAST);
  const spread = sqrt(add(square(subtract(xx, yy)), square(multiply(xy, 2))));
  // Where directions agree, the tensor is the square of one direction, along which it takes the second derivative.
  const directions = upsampleNearest(divide(blocks, energy), block);
  const twice = multiply(soft(0, 0), 2);
  const bendX = subtract(add(left, right), twice);
  const bendY = subtract(add(above, below), twice);
  const twist = subtract(add(soft(1, 1), soft(-1, -1)), add(soft(1, -1), soft(-1, 1)));
  const curvature = total([
    multiply(part(directions, 0), bendX),
    multiply(part(directions, 1), bendY),
    multiply(part(directions, 2), multiply(twist, 0.5)),
  ]);
  return {
    slope: upsampleNearest(multiply(sqrt(add(energy, spread)), unit * Math.SQRT1_2), block),
    agreement: upsampleNearest(divide(spread, energy), block),
    curvature: multiply(curvature, unit ** 2),
  };
}

/** Pixels of the plane that a value of {@link localEdges} depends on, each way. */
export const edgeReach = ({ before, block, around }: EdgeScales): number =>
  blurReach(before) + 1 + block * (1 + blurReach(around));

/** Each channel under moving means, borders repeated. */
export function blurred(x: Tensor, blur: Blur): Tensor {
  const { side, times } = blur;
  let sums = widened(x, blurReach(blur));
  for (let time = 0; time < times; time++) sums = movingSum(movingSum(sums, 2, side), 3, side);
  return multiply(sums, 1 / side ** (2 * times));
}

/** Pixels that {@link blurred} sees each way. */
export const blurReach = ({ side, times }: Blur): number => (times * (side - 1)) / 2;

/** Borders repeated `reach` pixels outwards. */
export const widened = (x: Tensor, reach: number): Tensor =>
  padReplicate(x, { top: reach, bottom: reach, left: reach, right: reach });

/** Sums of `count` neighbours along an axis, only where there are so many. */
function movingSum(x: Tensor, axis: 2 | 3, count: number): Tensor {
  const length = imageShape(x, 'movingSum')[axis] - count + 1;
  return total(Array.from({ length: count }, (_, start) => slice(x, { axis, start, length })));
}

/** The plane moved by one pixel at most each way, borders repeated. */
function neighbours(x: Tensor): (down: number, across: number) => Tensor {
  const [, , height, width] = imageShape(x, 'localEdges');
  const wide = widened(x, 1);
  return (down, across) =>
    slice(wide, { axis: 2, start: 1 + down, length: height }, { axis: 3, start: 1 + across, length: width });
}
