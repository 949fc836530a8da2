import { formatShape, normaliseAxis } from '../shape.js';
import type { Shape } from '../tensor.js';

/** The axes that a reduction runs over, all by default, counted from the front and sorted. */
export function reducedAxes(shape: Shape, axes: readonly number[] | undefined): readonly number[] {
  if (axes === undefined) return shape.map((_, axis) => axis);
  const sorted = axes.map((axis) => normaliseAxis(axis, shape.length)).sort((a, b) => a - b);
  if (new Set(sorted).size < sorted.length)
    throw new RangeError(`axes [${axes.join(', ')}] of ${formatShape(shape)} name one axis twice`);
  return sorted;
}
