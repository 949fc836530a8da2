import type { Planes } from '../../pixels/index.js';
import { muchInThread } from '../../in-thread.js';
import type { TensorValue } from '../../tensor/index.js';
import type { DistanceTile } from './distance-tiles.js';

/** A piece of a picture in three channels, `[1, 3, height, width]`, grey three times over. */
export function pieceOf(
  { channels, width, height, data }: Planes,
  { x, y }: DistanceTile,
): TensorValue & { readonly data: Float32Array } {
  const piece = new Float32Array(3 * y.length * x.length);
  for (let channel = 0; channel < 3; channel++) {
    const plane = channels === 3 ? channel * width * height : 0;
    for (let row = 0; row < y.length; row++) {
      const start = plane + (y.start + row) * width + x.start;
      piece.set(data.subarray(start, start + x.length), (channel * y.length + row) * x.length);
    }
  }
  return { data: piece, shape: [1, 3, y.length, x.length], dtype: 'float32' };
}

/** {@link pieceOf}, a large one in another thread: cutting one holds the caller's for a tenth of a second. */
export const pieceAside = muchInThread(
  new URL('./picture-piece.js', import.meta.url),
  pieceOf,
  (_picture, { x, y }) => 3 * x.length * y.length,
);
