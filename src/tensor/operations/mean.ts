import { multiply } from '../elementwise/index.js';
import { extent } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { reducedAxes } from './reduced-axes.js';
import { type ReductionOptions, sum } from './reduction.js';

/** Arithmetic mean over axes. */
export function mean(x: Tensor, options: ReductionOptions = {}): Tensor {
  const count = reducedAxes(x.shape, options.axes).reduce(
    (product, axis) => product * extent(x.shape, axis),
    1,
  );
  return multiply(sum(x, options), 1 / count);
}
