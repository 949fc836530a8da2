import { reshape } from '../operations/layout.js';
import { sum } from '../operations/reduction.js';
import type { Shape, Tensor } from '../tensor.js';

/** Undoes broadcasting: sums x over the axes that were stretched from `shape`. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  const lead = x.shape.length - shape.length;
  const axes = x.shape.flatMap((e, axis) =>
    axis < lead || (e !== 1 && shape[axis - lead] === 1) ? [axis] : [],
  );
  return axes.length === 0 ? x : reshape(sum(x, { axes, keepAxes: true }), shape);
}
