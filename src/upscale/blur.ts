import type { BlurKernel } from './blur-kernels.js';
import { correlate, type Planes } from '../pixels/index.js';

/** Called now and then by what takes long with large pictures, so that a signal can be heard and obeyed. */
export type Pause = () => Promise<void>;

/**
 * Filters each plane with a kernel, the picture being mirrored at its edges without repeating the edge samples.
 *
 * @returns planes of the same size, not clamped
 */
export async function blur(planes: Planes, { size, weights }: BlurKernel, pause?: Pause): Promise<Planes> {
  const work = correlate(planes, { rows: size, columns: size, weights });
  for (let part = work.next(); ; part = work.next()) {
    if (part.done === true) return { ...planes, data: part.value };
    await pause?.();
  }
}
