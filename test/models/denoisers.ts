import type { Picture } from '#src/images/index.js';
import type { DenoiserWeights } from '#src/api/index.js';
import { dbsnlArchitecture } from '#src/networks/index.js';
import { createRandom, declareParameters } from '#src/nn/index.js';
import { elementCount, type Shape } from '#src/tensor/index.js';

/** A DBSNl that was never trained but answers with lively numbers within [0, 1], different at every pixel. */
export function randomDenoiser(baseChannels: number, modules: number, seed = 1): DenoiserWeights {
  const description = dbsnlArchitecture.ofSize({ baseChannels, modules });
  const random = createRandom(seed, 21);
  const drawn = (key: string, shape: Shape): Float32Array => {
    if (key.endsWith('bias'))
      return new Float32Array(elementCount(shape)).fill(key === 'tail.6.bias' ? 0.5 : 0);
    // As large as the signal needs to survive to the last layer, and ever smaller where residuals and the result add up.
    const gain = key === 'tail.6.weight' ? 0.4 : /body\.\d+\.body\.2/.test(key) ? 0.5 : 1;
    const bound = gain * Math.sqrt(6 / elementCount(shape.slice(1)));
    return Float32Array.from({ length: elementCount(shape) }, () => bound * (2 * random.uniform() - 1));
  };
  const parameters = Object.fromEntries(
    [...declareParameters(description.network, [1, 3, 32, 32])].map(([key, { shape }]) => [
      key,
      { data: drawn(key, shape), shape, dtype: 'float32' as const },
    ]),
  );
  return { method: 'sdap', description, parameters, record: { steps: 3 }, licence: 'CC0-1.0' };
}

/** A picture of noise around a slope. */
export function noisyPicture(width: number, height: number, changes: Partial<Picture> = {}): Picture {
  const random = createRandom(9, width, height);
  const channels = changes.channels ?? 3;
  const data = Float32Array.from({ length: channels * width * height }, (_, i) => {
    const slope = (i % width) / width;
    return Math.min(1, Math.max(0, 0.2 + 0.6 * slope + 0.15 * random.normal()));
  });
  return { width, height, channels, data, bitDepth: 8, format: 'png', metadata: {}, ...changes };
}

/** The largest difference of two planes of numbers; Infinity where their lengths differ. */
export function largestDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return a.reduce((most, x, i) => Math.max(most, Math.abs(x - (b[i] ?? Number.NaN))), 0);
}

/** How much of a picture lies strictly within [0, 1], and how much it varies. */
export function liveliness(data: Float32Array): { readonly inside: number; readonly deviation: number } {
  const mean = data.reduce((sum, x) => sum + x, 0) / data.length;
  return {
    inside: data.filter((x) => x > 0 && x < 1).length / data.length,
    deviation: Math.sqrt(data.reduce((sum, x) => sum + (x - mean) ** 2, 0) / data.length),
  };
}
