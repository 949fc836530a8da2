import { extent, formatShape, normaliseAxis } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { createTensor } from '../tensor.js';
import { multiply } from './elementwise.js';
import { reshape } from './layout.js';

/** Which axes a reduction runs over (default: all) and whether they stay as extents of 1. */
export interface ReductionOptions {
  readonly axes?: readonly number[];
  readonly keepAxes?: boolean;
}

function reducedAxes(x: Tensor, axes: readonly number[] | undefined): readonly number[] {
  const rank = x.shape.length;
  if (axes === undefined) return x.shape.map((_, axis) => axis);
  const sorted = axes.map((axis) => normaliseAxis(axis, rank)).sort((a, b) => a - b);
  if (new Set(sorted).size < sorted.length)
    throw new RangeError(`axes [${axes.join(', ')}] of ${formatShape(x.shape)} name one axis twice`);
  return sorted;
}

const without = (x: Tensor, axes: readonly number[]): readonly number[] =>
  x.shape.filter((_, axis) => !axes.includes(axis));

/** Sum over axes. */
export function sum(x: Tensor, options: ReductionOptions = {}): Tensor {
  const axes = reducedAxes(x, options.axes);
  const kept = x.shape.map((e, axis) => (axes.includes(axis) ? 1 : e));
  const reduced = axes.length === 0 ? x : createTensor('sum', [x], { axes }, kept, x.dtype);
  return options.keepAxes ? reduced : reshape(reduced, without(x, axes));
}

/** Arithmetic mean over axes. */
export function mean(x: Tensor, options: ReductionOptions = {}): Tensor {
  const count = reducedAxes(x, options.axes).reduce((product, axis) => product * extent(x.shape, axis), 1);
  return multiply(sum(x, options), 1 / count);
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
