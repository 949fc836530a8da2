import type { Shape, Tensor } from './tensor.js';

/** Number of elements of a shape. */
export function elementCount(shape: Shape): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** `[2, 3, 4]` as people write it. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** Same extents in the same order. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}

/** Extent of `axis`; negative axes count from the end. */
export function extent(shape: Shape, axis: number): number {
  const value = shape[axis < 0 ? axis + shape.length : axis];
  if (value === undefined) throw new RangeError(`axis ${axis} is outside of shape ${formatShape(shape)}`);
  return value;
}

/** `axis` counted from the front, checked. */
export function normaliseAxis(axis: number, rank: number): number {
  const result = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(result) || result < 0 || result >= rank)
    throw new RangeError(`axis ${axis} is outside of a tensor of rank ${rank}`);
  return result;
}

/** The shape two operands broadcast to, by NumPy's rule (extents align at the end; 1 stretches). */
export function broadcastShapes(a: Shape, b: Shape, operation: string): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1)
      throw new RangeError(`${operation}: shapes ${formatShape(a)} and ${formatShape(b)} do not broadcast`);
    return left === 1 ? right : left;
  });
}

/** The four extents of a `[batch, channels, height, width]` tensor; an error that names `operation` otherwise. */
export function imageShape(x: Tensor, operation: string): readonly [number, number, number, number] {
  const [batch, channels, height, width, ...rest] = x.shape;
  if (
    batch === undefined ||
    channels === undefined ||
    height === undefined ||
    width === undefined ||
    rest.length > 0
  )
    throw new RangeError(
      `${operation}: expected [batch, channels, height, width], got ${formatShape(x.shape)}`,
    );
  return [batch, channels, height, width];
}
