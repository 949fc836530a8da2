import { type Planes, lumaOfColour } from '../pixels/index.js';

/** Bands of brightness, each with as many pixels. */
const BANDS = 5;

/** Rows and columns by which noise is held against itself. */
const LAGS = [
  [0, 1],
  [1, 0],
  [0, 2],
  [2, 0],
  [1, 1],
  [0, 3],
  [3, 0],
] as const;

// One step of each feature is a difference that one would just see. Ours.
const LEVEL_WEIGHT = 2;
const CORRELATION_WEIGHT = 3;
const CHANNELS_WEIGHT = 2;

/**
 * Noise in 39 numbers: how strong it is in each channel from the dark to the light, how it is related to itself beside it, in
 * brightness and in colour, and how its channels are related. The distance of two such lists says how unlike two noises are.
 *
 * @param noise red, green and blue of what is taken for noise, in units of the pictures' range
 * @param picture what it lies on, of the same size; its brightness makes the bands
 */
export function noiseFeatures(noise: Planes, picture: Planes): readonly number[] {
  return [...levels(noise, picture), ...correlations(noise), ...channelCorrelations(noise)];
}

function levels(noise: Planes, picture: Planes): number[] {
  const area = noise.width * noise.height;
  const { luma } = lumaAndChroma(picture);
  const sorted = luma.toSorted();
  const cuts = Array.from({ length: BANDS - 1 }, (_, i) => sorted[Math.floor(((i + 1) * area) / BANDS)] ?? 1);
  const sums = new Float64Array(3 * BANDS);
  const counts = new Float64Array(BANDS);
  for (let p = 0; p < area; p++) {
    let band = 0;
    while (band < BANDS - 1 && (luma[p] ?? 0) > (cuts[band] ?? 1)) band++;
    counts[band] = (counts[band] ?? 0) + 1;
    for (let channel = 0; channel < 3; channel++) {
      const value = noise.data[channel * area + p] ?? 0;
      sums[channel * BANDS + band] = (sums[channel * BANDS + band] ?? 0) + value * value;
    }
  }
  const deviation = (sum: number, i: number): number => Math.sqrt(sum / Math.max(1, counts[i % BANDS] ?? 1));
  // Differences of less than a third of an 8-bit step are rounding.
  return Array.from(sums, (sum, i) => LEVEL_WEIGHT * Math.log(255 * deviation(sum, i) + 0.3));
}

function correlations(noise: Planes): number[] {
  const { width, height } = noise;
  const { luma, red, blue } = lumaAndChroma(noise);
  return [luma, blue, red].flatMap((plane) =>
    LAGS.map(([rows, columns]) => {
      let product = 0;
      let square = 0;
      for (let y = 0; y < height - rows; y++) {
        const from = y * width;
        const to = (y + rows) * width + columns;
        for (let x = 0; x < width - columns; x++) {
          const value = plane[from + x] ?? 0;
          product += value * (plane[to + x] ?? 0);
          square += value * value;
        }
      }
      return (CORRELATION_WEIGHT * product) / (square + 1e-12);
    }),
  );
}

function channelCorrelations({ data, width, height }: Planes): number[] {
  const area = width * height;
  const channel = (index: number): Float32Array => data.subarray(index * area, (index + 1) * area);
  const product = (a: Float32Array, b: Float32Array): number => {
    let sum = 0;
    for (let p = 0; p < area; p++) sum += (a[p] ?? 0) * (b[p] ?? 0);
    return sum;
  };
  const [red, green, blue] = [channel(0), channel(1), channel(2)];
  const related = (a: Float32Array, b: Float32Array): number =>
    (CHANNELS_WEIGHT * product(a, b)) / (Math.sqrt(product(a, a) * product(b, b)) + 1e-12);
  return [related(red, green), related(green, blue), related(red, blue)];
}

/** Brightness, and red and blue less brightness. */
function lumaAndChroma({ data, width, height }: Planes): Record<'luma' | 'red' | 'blue', Float32Array> {
  const area = width * height;
  const luma = new Float32Array(area);
  const red = new Float32Array(area);
  const blue = new Float32Array(area);
  for (let p = 0; p < area; p++) {
    const [r, g, b] = [data[p] ?? 0, data[area + p] ?? 0, data[2 * area + p] ?? 0];
    const y = lumaOfColour(r, g, b);
    luma[p] = y;
    red[p] = r - y;
    blue[p] = b - y;
  }
  return { luma, red, blue };
}
