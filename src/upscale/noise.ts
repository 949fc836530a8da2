import type { Random } from '../random.js';
import { clamp, type Planes } from './planes.js';
import { poissonSampler } from './poisson.js';

/**
 * Adds Gaussian noise and clamps to [0, 1].
 *
 * @param sigma its standard deviation, in steps of 8 bits (of 255)
 * @param grey whether all channels get the same noise
 */
export function addGaussianNoise(planes: Planes, sigma: number, grey: boolean, random: Random): Planes {
  const { channels, width, height } = planes;
  const noise = new Float32Array((grey ? 1 : channels) * width * height);
  for (let i = 0; i < noise.length; i++) noise[i] = (random.normal() * sigma) / 255;
  return add(planes, noise, 1);
}

/**
 * Adds the noise of counted light (shot noise) and clamps to [0, 1]: the picture in 8 bits is taken for the mean of
 * a Poisson distribution of that many photons at white, as the picture has different values, rounded up to a power
 * of 2; the deviation from the mean, times `scale`, is added.
 *
 * @param grey whether all channels get the same noise, that of the brightness (ITU-R 601)
 */
export function addPoissonNoise(planes: Planes, scale: number, grey: boolean, random: Random): Planes {
  return add(planes, shotNoise(grey ? brightness(planes) : Float32Array.from(planes.data), random), scale);
}

/** The deviation of counted light from its mean; overwrites the mean. */
function shotNoise(means: Float32Array<ArrayBuffer>, random: Random): Float32Array<ArrayBuffer> {
  const steps = new Uint8ClampedArray(means.length);
  const met = new Set<number>();
  for (let i = 0; i < steps.length; i++) {
    steps[i] = (means[i] ?? 0) * 255; // storing clamps, and rounds half to even
    met.add(steps[i] ?? 0);
  }
  const photons = 2 ** Math.ceil(Math.log2(met.size));
  const samplers: ((random: Random) => number)[] = [];
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i] ?? 0;
    samplers[step] ??= poissonSampler((step / 255) * photons);
    means[i] = (samplers[step]?.(random) ?? 0) / photons - step / 255;
  }
  return means;
}

function brightness({ channels, width, height, data }: Planes): Float32Array<ArrayBuffer> {
  const area = width * height;
  if (channels === 1) return Float32Array.from(data);
  return Float32Array.from(
    { length: area },
    (_, i) => 0.2989 * (data[i] ?? 0) + 0.587 * (data[area + i] ?? 0) + 0.114 * (data[2 * area + i] ?? 0),
  );
}

/** Adds noise of all channels, or the same to each. */
function add(planes: Planes, noise: Float32Array, scale: number): Planes {
  const data = Float32Array.from(planes.data);
  for (let start = 0; start < data.length; start += noise.length) {
    for (let i = 0; i < noise.length; i++) data[start + i] = (data[start + i] ?? 0) + scale * (noise[i] ?? 0);
  }
  clamp(data);
  return { ...planes, data };
}
