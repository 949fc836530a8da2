import type { Random } from '../random.js';
import { fillNormals } from './random-normals.js';

/** What a sensor adds to the light that falls on it; all in units of its full scale, 1. */
export interface SensorNoise {
  /** Variance for each unit of signal: shot noise, a in a·x + b. */
  readonly shot: number;
  /** Variance of what is added at any signal: read noise, b in a·x + b. */
  readonly read: number;
  /** Standard deviation of an offset that all samples of a row share; 0 for none. */
  readonly rowBanding: number;
  /** The same of columns. */
  readonly columnBanding: number;
  /** Share of samples that are stuck far above the signal. */
  readonly hotPixels: number;
  /** Steps of the converter between black and white: 1,023 to 16,383. */
  readonly steps: number;
  /** Whether values below black are lost; cameras that keep black above 0 keep them. */
  readonly clipsBlack: boolean;
}

/**
 * Exposes samples in place: Gaussian noise of variance a·x + b, bands, stuck samples, whole steps, and an end at 1
 * (Foi et al., IEEE TIP 2008, for the variance; the bands and stuck samples are usual in measured dark frames).
 *
 * @param samples linear, black at 0 and the sensor's end at 1; `height` rows of `width`, any number of planes
 */
export function expose(
  samples: Float32Array,
  { width, height }: { readonly width: number; readonly height: number },
  { shot, read, rowBanding, columnBanding, hotPixels, steps, clipsBlack }: SensorNoise,
  random: Random,
): void {
  const normals = fillNormals(new Float32Array(samples.length), random);
  const rows = offsets(samples.length / width, rowBanding, random);
  const columns = offsets(width, columnBanding, random);
  const least = clipsBlack ? 0 : -1;
  for (let y = 0, p = 0; p < samples.length; y++) {
    const row = rows[y] ?? 0;
    for (let x = 0; x < width; x++, p++) {
      const light = samples[p] ?? 0;
      const deviation = Math.sqrt(shot * Math.max(0, light) + read);
      const value = light + deviation * (normals[p] ?? 0) + row + (columns[x] ?? 0);
      samples[p] = Math.min(1, Math.max(least, Math.round(value * steps) / steps));
    }
  }
  const hot = Math.round(hotPixels * width * height);
  for (let i = 0; i < hot; i++) {
    const p = random.integer(samples.length);
    samples[p] = Math.min(1, (samples[p] ?? 0) + random.uniform());
  }
}

function offsets(count: number, deviation: number, random: Random): Float32Array {
  const values = new Float32Array(count);
  if (deviation === 0) return values;
  fillNormals(values, random);
  for (let i = 0; i < count; i++) values[i] = (values[i] ?? 0) * deviation;
  return values;
}
