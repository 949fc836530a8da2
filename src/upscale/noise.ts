import type { Random } from '../random.js';
import { type Planes, torchvisionGrey } from '../pixels/index.js';
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
  return add(planes, shotNoise(grey ? brightness(planes) : planes.data, random), scale);
}

/** The deviation of counted light from its means. */
function shotNoise(means: Float32Array, random: Random): Float32Array {
  const steps = new Uint8ClampedArray(means.length);
  const met = new Uint8Array(256);
  for (let i = 0; i < steps.length; i++) {
    steps[i] = (means[i] ?? 0) * 255; // storing clamps, and rounds half to even
    met[steps[i] ?? 0] = 1;
  }
  const photons = 2 ** Math.ceil(Math.log2(met.reduce((sum, one) => sum + one, 0)));
  const samplers: ((random: Random) => number)[] = [];
  const noise = new Float32Array(means.length);
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i] ?? 0;
    samplers[step] ??= poissonSampler((step / 255) * photons);
    noise[i] = (samplers[step]?.(random) ?? 0) / photons - step / 255;
  }
  return noise;
}

const { red: RED, green: GREEN, blue: BLUE } = torchvisionGrey;

function brightness({ channels, width, height, data }: Planes): Float32Array {
  if (channels === 1) return data;
  const area = width * height;
  const result = new Float32Array(area);
  for (let i = 0; i < area; i++)
    result[i] = RED * (data[i] ?? 0) + GREEN * (data[area + i] ?? 0) + BLUE * (data[2 * area + i] ?? 0);
  return result;
}

/** Adds noise of all channels, or the same to each; the result takes the place of the noise where it can. */
function add(planes: Planes, noise: Float32Array, scale: number): Planes {
  const { data } = planes;
  const result = noise.length === data.length ? noise : new Float32Array(data.length);
  for (let start = 0; start < data.length; start += noise.length) {
    for (let i = 0; i < noise.length; i++)
      result[start + i] = Math.min(1, Math.max(0, (data[start + i] ?? 0) + scale * (noise[i] ?? 0)));
  }
  return { ...planes, data: result };
}
