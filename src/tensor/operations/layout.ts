import { broadcastShapes, elementCount, extent, formatShape, normaliseAxis, sameShape } from '../shape.js';
import type { Shape, Tensor } from '../tensor.js';
import { createTensor } from '../tensor.js';

/** The same elements in row-major order under another shape; one extent may be −1. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const known = shape.reduce((product, e) => (e === -1 ? product : product * e), 1);
  const target = shape.map((e) => (e === -1 ? elementCount(x.shape) / known : e));
  const unknown = shape.filter((e) => e === -1).length;
  if (
    unknown > 1 ||
    elementCount(target) !== elementCount(x.shape) ||
    target.some((e) => !Number.isInteger(e) || e < 1)
  )
    throw new RangeError(`reshape: ${formatShape(x.shape)} cannot become ${formatShape(shape)}`);
  return sameShape(target, x.shape) ? x : createTensor('reshape', [x], {}, target, x.dtype);
}

/** Axis i of the result is axis `permutation[i]` of x. */
export function transpose(x: Tensor, permutation: readonly number[]): Tensor {
  const sorted = [...permutation].sort((a, b) => a - b);
  if (permutation.length !== x.shape.length || sorted.some((axis, i) => axis !== i))
    throw new RangeError(
      `transpose: [${permutation.join(', ')}] is no permutation of the axes of ${formatShape(x.shape)}`,
    );
  if (permutation.every((axis, i) => axis === i)) return x;
  const shape = permutation.map((axis) => extent(x.shape, axis));
  return createTensor('transpose', [x], { permutation }, shape, x.dtype);
}

/** x repeated along new axes and axes of extent 1, by NumPy's rule. */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  if (!sameShape(broadcastShapes(x.shape, shape, 'broadcastTo'), shape))
    throw new RangeError(`broadcastTo: ${formatShape(x.shape)} does not stretch to ${formatShape(shape)}`);
  return createTensor('broadcast', [x], {}, shape, x.dtype);
}

/** A range of one axis: from `start` in steps of `step` (negative: backwards) for `length` elements. */
export interface AxisRange {
  readonly axis: number;
  readonly start: number;
  readonly length: number;
  readonly step?: number;
}

/**
 * Elements `start, start + step, …` along each named axis.
 *
 * @example
 * slice(x, { axis: 2, start: 1, length: 3, step: 2 }); // rows 1, 3, 5
 */
export function slice(x: Tensor, ...ranges: readonly AxisRange[]): Tensor {
  const starts = x.shape.map(() => 0);
  const steps = x.shape.map(() => 1);
  const shape = [...x.shape];
  for (const { axis: named, start, length, step = 1 } of ranges) {
    const axis = normaliseAxis(named, x.shape.length);
    const size = extent(x.shape, axis);
    const last = start + step * (length - 1);
    if (length < 1 || step === 0 || start < 0 || start >= size || last < 0 || last >= size)
      throw new RangeError(
        `slice: ${length} elements from ${start} in steps of ${step} leave axis ${axis} of ${formatShape(x.shape)}`,
      );
    starts[axis] = start;
    steps[axis] = step;
    shape[axis] = length;
  }
  const whole = sameShape(shape, x.shape) && steps.every((step) => step === 1);
  return whole ? x : createTensor('slice', [x], { starts, steps }, shape, x.dtype);
}

/** x with zeros around it; `before` and `after` count the new elements of every axis. */
export function pad(x: Tensor, before: readonly number[], after: readonly number[]): Tensor {
  if (
    before.length !== x.shape.length ||
    after.length !== x.shape.length ||
    [...before, ...after].some((n) => n < 0)
  )
    throw new RangeError(
      `pad: [${before.join(', ')}] and [${after.join(', ')}] do not suit ${formatShape(x.shape)}`,
    );
  if ([...before, ...after].every((n) => n === 0)) return x;
  const shape = x.shape.map((e, axis) => e + (before[axis] ?? 0) + (after[axis] ?? 0));
  return createTensor('pad', [x], { before, after }, shape, x.dtype);
}

/** Tensors one after the other along `axis`; all other extents must agree. */
export function concat(tensors: readonly Tensor[], axis: number): Tensor {
  const [first, ...rest] = tensors;
  if (first === undefined) throw new RangeError('concat: needs at least one tensor');
  if (rest.length === 0) return first;
  const along = normaliseAxis(axis, first.shape.length);
  for (const other of rest)
    if (
      other.dtype !== first.dtype ||
      other.shape.length !== first.shape.length ||
      !sameShape(other.shape.with(along, 0), first.shape.with(along, 0))
    )
      throw new RangeError(
        `concat: ${formatShape(other.shape)} does not follow ${formatShape(first.shape)} along axis ${along}`,
      );
  const total = tensors.reduce((sum, t) => sum + extent(t.shape, along), 0);
  return createTensor('concat', tensors, { axis: along }, first.shape.with(along, total), first.dtype);
}
