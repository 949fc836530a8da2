import { reflectPad } from '../images/index.js';
import type { BlurKernel } from './blur-kernels.js';
import type { Planes } from './planes.js';

/** Called now and then by what takes long with large pictures, so that a signal can be heard and obeyed. */
export type Pause = () => Promise<void>;

/** So many multiplications take about a tenth of a second. */
const multiplicationsBetweenPauses = 1e8;

/**
 * Filters each plane with a kernel, the picture being mirrored at its edges without repeating the edge samples.
 *
 * @returns planes of the same size, not clamped
 */
export async function blur(planes: Planes, { size, weights }: BlurKernel, pause?: Pause): Promise<Planes> {
  const { channels, width, height } = planes;
  const radius = (size - 1) / 2;
  const padding = { top: radius, right: radius, bottom: radius, left: radius };
  const padded = reflectPad(planes.data, channels, height, width, padding);
  const band = Math.max(1, Math.floor(multiplicationsBetweenPauses / (width * weights.length)));
  const data = new Float32Array(channels * height * width);
  const paddedArea = (height + 2 * radius) * (width + 2 * radius);
  // With room for what is read beyond the last row, four at a time: reading outside of an array is slow.
  const source = new Float32Array(paddedArea + 3);
  for (let channel = 0; channel < channels; channel++) {
    source.set(padded.subarray(channel * paddedArea, (channel + 1) * paddedArea));
    const target = data.subarray(channel * height * width, (channel + 1) * height * width);
    for (let top = 0; top < height; top += band) {
      filterRows(source, target, { width, top, bottom: Math.min(height, top + band) }, { size, weights });
      if (pause !== undefined && top + band < height) await pause();
    }
  }
  return { channels, width, height, data };
}

/** Four neighbouring results at a time, so that each weight is read once for all of them. */
function filterRows(
  padded: Float32Array,
  target: Float32Array,
  { width, top, bottom }: { width: number; top: number; bottom: number },
  { size, weights }: BlurKernel,
): void {
  const stride = width + size - 1;
  for (let y = top; y < bottom; y++) {
    for (let x = 0; x < width; x += 4) {
      let [a, b, c, d] = [0, 0, 0, 0];
      let tap = 0;
      for (let ky = 0; ky < size; ky++) {
        let from = (y + ky) * stride + x;
        for (let kx = 0; kx < size; kx++, from++) {
          const weight = weights[tap++] ?? 0;
          a += weight * (padded[from] ?? 0);
          b += weight * (padded[from + 1] ?? 0);
          c += weight * (padded[from + 2] ?? 0);
          d += weight * (padded[from + 3] ?? 0);
        }
      }
      const to = y * width + x;
      target[to] = a;
      if (x + 1 < width) target[to + 1] = b;
      if (x + 2 < width) target[to + 2] = c;
      if (x + 3 < width) target[to + 3] = d;
    }
  }
}
