import { muchInThread } from '../in-thread.js';
import { bicubicResize } from '../pixels/index.js';

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * The opacity of a picture that becomes larger or smaller: bicubic, because there is nothing to be learnt about it, at its own
 * depth, and the same where it is the same everywhere.
 *
 * @param alpha `[height, width]`
 */
export function resizedAlpha(
  alpha: Uint8Array | Uint16Array,
  from: Size,
  to: Size,
): Uint8Array | Uint16Array {
  const length = to.width * to.height;
  const resized = alpha instanceof Uint8Array ? new Uint8Array(length) : new Uint16Array(length);
  const [first = 0] = alpha;
  if (alpha.every((value: number) => value === first)) return resized.fill(first);
  const opaque = alpha instanceof Uint8Array ? 255 : 65_535;
  const values = bicubicResize(Float32Array.from(alpha), { channels: 1, ...from }, to);
  for (let i = 0; i < length; i++) resized[i] = Math.min(opaque, Math.max(0, Math.round(values[i] ?? 0)));
  return resized;
}

/** {@link resizedAlpha}, of a large one in another thread. */
export const resizedAlphaAside = muchInThread(
  new URL('./resized-alpha.js', import.meta.url),
  resizedAlpha,
  (_alpha, _from, to) => to.width * to.height,
);
