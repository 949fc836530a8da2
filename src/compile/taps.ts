import type { FourExtents } from './convolution-geometry.js';
import type { Emitter } from './emitter.js';

/** `rows` × `columns` pixels of an image from `[v, u]` on, for each `[v, u]` in turn. */
export function shifted(
  image: string,
  starts: readonly (readonly [number, number])[],
  [rows, columns]: readonly [number, number],
  stride: readonly [number, number],
  emit: Emitter,
): string[] {
  return starts.map(([v, u]) =>
    emit.slice(image, [
      { axis: 2, start: v, length: rows, step: stride[0] },
      { axis: 3, start: u, length: columns, step: stride[1] },
    ]),
  );
}

/** An image within zeros. */
export function padded(image: string, [top, left, bottom, right]: FourExtents, emit: Emitter): string {
  const none = top === 0 && left === 0 && bottom === 0 && right === 0;
  return none ? image : emit.pad(image, [0, 0, top, left], [0, 0, bottom, right]);
}
