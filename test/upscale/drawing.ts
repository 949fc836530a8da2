import { createRandom } from '#src/random.js';
import type { Planes } from '#src/pixels/index.js';

/** Soft shapes and some fine detail, in [0, 1]. */
export function drawPlanes(width: number, height: number, channels: 1 | 3 = 3): Planes {
  const random = createRandom(width, height);
  const data = Float32Array.from({ length: channels * width * height }, (_, i) => {
    const [x, y, channel] = [i % width, Math.floor(i / width) % height, Math.floor(i / (width * height))];
    const light = 0.5 + 0.3 * Math.sin(x / 9 + channel) * Math.cos(y / 7) + 0.05 * (random.uniform() - 0.5);
    return Math.round(255 * (light + ((x >> 3) + (y >> 3)) * 0.002)) / 255;
  });
  return { channels, width, height, data };
}

/** The same value everywhere. */
export function flat(value: number, width: number, height: number, channels: 1 | 3 = 3): Planes {
  return { channels, width, height, data: new Float32Array(channels * width * height).fill(value) };
}

/** Mean and standard deviation. */
export function momentsOf(values: ArrayLike<number>): { mean: number; deviation: number } {
  const list = Array.from(values);
  const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
  const variance = list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / list.length;
  return { mean, deviation: Math.sqrt(variance) };
}
