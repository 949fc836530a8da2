import { type LeanPlanes, lumaOfColour, rowOf } from '../../pixels/index.js';
import { cosines as basis, WINDOW } from './cosines.js';

/**
 * Bands of frequencies of a window, from coarse to fine, by the larger of the two numbers of half waves in it: 1, 2, 3 to 4,
 * 5 to 7. A wave of the last is shorter than three pixels and a bit.
 */
export const BANDS = 4;

/** The coefficients of each band. */
export const BAND_SIZES: readonly number[] = [3, 5, 16, 39];

/** The planes that are looked at: luma, blue-difference and red-difference as JPEG has them. */
export const OPPONENTS = 3;

/** What was found in windows: one number, or twelve, a window. */
export interface WindowEnergies {
  readonly count: number;
  /** Their first pixels. */
  readonly lefts: Int32Array;
  readonly tops: Int32Array;
  /** The mean luma of each, `[0, 1]`. */
  readonly brightness: Float32Array;
  /** The share of its samples that are black or white, where noise is cut off. */
  readonly clipped: Float32Array;
  /** Mean squares of the coefficients, `[window, plane, band]`: the variance of white noise is the same in all bands. */
  readonly energies: Float32Array;
}

/** Samples this close to black or white count as clipped. */
const NEAR = 1.6 / 255;

const bandOf: Int8Array = Int8Array.from({ length: WINDOW * WINDOW }, (_, i) => {
  const waves = Math.max(Math.floor(i / WINDOW), i % WINDOW);
  return waves <= 2 ? waves - 1 : waves <= 4 ? 2 : 3;
});

const across = new Float64Array(WINDOW * WINDOW);

/** Adds the squares of a window's coefficients up by band: the discrete cosine transform, rows first. */
function addEnergies(samples: Float64Array, sums: Float64Array): void {
  for (let y = 0; y < WINDOW; y++) {
    for (let u = 0; u < WINDOW; u++) {
      let sum = 0;
      for (let x = 0; x < WINDOW; x++) sum += (basis[u * WINDOW + x] ?? 0) * (samples[y * WINDOW + x] ?? 0);
      across[y * WINDOW + u] = sum;
    }
  }
  for (let v = 0; v < WINDOW; v++) {
    for (let u = v === 0 ? 1 : 0; u < WINDOW; u++) {
      let sum = 0;
      for (let y = 0; y < WINDOW; y++) sum += (basis[v * WINDOW + y] ?? 0) * (across[y * WINDOW + u] ?? 0);
      const band = bandOf[v * WINDOW + u] ?? 0;
      sums[band] = (sums[band] ?? 0) + sum * sum;
    }
  }
}

/** The first pixels of windows along a line, at most `most` of them, at odd distances, so that they meet JPEG's blocks at every phase. */
function places(size: number, most: number): readonly number[] {
  const room = size - WINDOW;
  if (room < 0) return [];
  const step = Math.max(5, Math.ceil(room / most)) | 1;
  const count = Math.floor(room / step) + 1;
  const first = Math.floor((room - (count - 1) * step) / 2);
  return Array.from({ length: count }, (_, i) => first + i * step);
}

/**
 * Looks at windows all over a picture: how bright they are and how much there is in each band of frequencies.
 *
 * @param most how many windows, about
 */
export function windowEnergies({ channels, width, height, data }: LeanPlanes, most: number): WindowEnergies {
  const side = Math.sqrt(most / (width * height));
  const [columns, rows] = [places(width, side * width), places(height, side * height)];
  const count = columns.length * rows.length;
  const [lefts, tops] = [new Int32Array(count), new Int32Array(count)];
  const brightness = new Float32Array(count);
  const clipped = new Float32Array(count);
  const energies = new Float32Array(count * OPPONENTS * BANDS);
  const read = new Float32Array(width);
  const strips = Array.from({ length: channels }, () => new Float32Array(WINDOW * width));
  const [red = read, green = red, blue = red] = strips;
  const planes = [0, 1, 2].map(() => new Float64Array(WINDOW * WINDOW));
  const [luma = across, blueness = across, redness = across] = planes;
  const sums = new Float64Array(BANDS);
  let window = 0;
  for (const top of rows) {
    for (const [channel, strip] of strips.entries())
      for (let y = 0; y < WINDOW; y++)
        strip.set(rowOf(data, { width, height }, channel, top + y, read), y * width);
    for (const left of columns) {
      lefts[window] = left;
      tops[window] = top;
      let [sum, cut] = [0, 0];
      for (let i = 0; i < WINDOW * WINDOW; i++) {
        const from = (i >> 3) * width + left + (i & 7);
        const [r, g, b] = [red[from] ?? 0, green[from] ?? 0, blue[from] ?? 0];
        const y = lumaOfColour(r, g, b);
        luma[i] = y;
        blueness[i] = (b - y) / 1.772;
        redness[i] = (r - y) / 1.402;
        sum += y;
        for (const value of [r, g, b]) if (value < NEAR || value > 1 - NEAR) cut += 1;
      }
      brightness[window] = sum / WINDOW ** 2;
      clipped[window] = cut / (3 * WINDOW ** 2);
      for (let plane = 0; plane < (channels === 3 ? OPPONENTS : 1); plane++) {
        sums.fill(0);
        addEnergies(planes[plane] ?? luma, sums);
        for (let band = 0; band < BANDS; band++)
          energies[(window * OPPONENTS + plane) * BANDS + band] = (sums[band] ?? 0) / (BAND_SIZES[band] ?? 1);
      }
      window += 1;
    }
  }
  return { count, lefts, tops, brightness, clipped, energies };
}
