import { broadcastTo, concat, pad, slice } from '../operations/index.js';
import { extent, formatShape, imageShape } from '../shape.js';
import type { Tensor } from '../tensor.js';

/** New pixels on each side of an image batch. */
export interface Sides {
  readonly top?: number;
  readonly bottom?: number;
  readonly left?: number;
  readonly right?: number;
}

const HEIGHT = 2;
const WIDTH = 3;

/** Zeros around `[batch, channels, height, width]`. */
export function padZero(x: Tensor, { top = 0, bottom = 0, left = 0, right = 0 }: Sides): Tensor {
  imageShape(x, 'padZero');
  return pad(x, [0, 0, top, left], [0, 0, bottom, right]);
}

function reflectAxis(x: Tensor, axis: number, before: number, after: number): Tensor {
  const size = extent(x.shape, axis);
  if (before >= size || after >= size)
    throw new RangeError(
      `padReflect: ${before} and ${after} pixels cannot be mirrored on axis ${axis} of ${formatShape(x.shape)}`,
    );
  const parts = [x];
  if (before > 0) parts.unshift(slice(x, { axis, start: before, length: before, step: -1 }));
  if (after > 0) parts.push(slice(x, { axis, start: size - 2, length: after, step: -1 }));
  return concat(parts, axis);
}

/** Mirrored around the border pixels, which are not repeated; less than the image's size on each side. */
export function padReflect(x: Tensor, { top = 0, bottom = 0, left = 0, right = 0 }: Sides): Tensor {
  return reflectAxis(reflectAxis(x, HEIGHT, top, bottom), WIDTH, left, right);
}

function replicateAxis(x: Tensor, axis: number, before: number, after: number): Tensor {
  const size = extent(x.shape, axis);
  const repeat = (start: number, count: number): Tensor =>
    broadcastTo(slice(x, { axis, start, length: 1 }), x.shape.with(axis, count));
  const parts = [x];
  if (before > 0) parts.unshift(repeat(0, before));
  if (after > 0) parts.push(repeat(size - 1, after));
  return concat(parts, axis);
}

/** The border pixels repeated outwards. */
export function padReplicate(x: Tensor, { top = 0, bottom = 0, left = 0, right = 0 }: Sides): Tensor {
  return replicateAxis(replicateAxis(x, HEIGHT, top, bottom), WIDTH, left, right);
}
