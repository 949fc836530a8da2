import { extent, normaliseAxis } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { createTensor } from '../tensor.js';
import { reshape } from './layout.js';
import { reducedAxes } from './reduced-axes.js';

/** Which axes a reduction runs over (default: all) and whether they stay as extents of 1. */
export interface ReductionOptions {
  readonly axes?: readonly number[];
  readonly keepAxes?: boolean;
}

const without = (x: Tensor, axes: readonly number[]): readonly number[] =>
  x.shape.filter((_, axis) => !axes.includes(axis));

/** Sum over axes. */
export function sum(x: Tensor, options: ReductionOptions = {}): Tensor {
  const axes = reducedAxes(x.shape, options.axes);
  const kept = x.shape.map((e, axis) => (axes.includes(axis) ? 1 : e));
  const reduced = axes.length === 0 ? x : createTensor('sum', [x], { axes }, kept, x.dtype);
  return options.keepAxes ? reduced : reshape(reduced, without(x, axes));
}

/** Largest value along one axis; equal ones share the gradient. Beside NaN it is as the device has it: PyTorch hands NaN on. */
export function max(x: Tensor, axis: number, keepAxis = false): Tensor {
  const along = normaliseAxis(axis, x.shape.length);
  const reduced = createTensor('max', [x], { axis: along }, x.shape.with(along, 1), x.dtype);
  return keepAxis ? reduced : reshape(reduced, without(x, [along]));
}

/** eˣ / Σ eˣ along the last axis. */
export function softmax(x: Tensor): Tensor {
  extent(x.shape, -1);
  return createTensor('softmax', [x], {}, x.shape, x.dtype);
}
