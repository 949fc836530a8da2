import { roundTo } from '../noise/index.js';
import { bt601, gaussianBlur, lumaOfColour, type Planes } from '../pixels/index.js';

/** How detail is taken for noise, and taken away. */
export interface DetailShrinkage {
  /** How many bands are looked at, each twice as coarse as the one before: 1 leaves coarse noise in blotches. */
  readonly bands: number;
  /** What the variance of the noise is multiplied by: 1 for Wiener's, more smooths too much. */
  readonly strength: number;
  /** The noise in the picture, of its size, or what it is taken for: white, of this standard deviation in [0, 1]. */
  readonly noise: Planes | number;
}

/** Standard deviation of the blur between two bands, for the first. */
const BLUR = 1;

/** What a band leaves of white noise's variance, for the first, and from each band to the next. */
const [FIRST_VARIANCE, NEXT_VARIANCE] = [0.76, 0.2] as const;

/** Colour is smoothed more than brightness: its noise is seen as blotches, and its detail hardly. */
const COLOUR_STRENGTH = 2;

/**
 * Denoises as simple programs do: the picture is split into bands of detail, and what of each is not above the noise at its
 * place is taken away, by Wiener's gain 1 − strength · noise / energy. With the true noise and strength 1 that is a good
 * denoising; with more, or of a picture without noise, texture is smoothed away and edges stay; with few bands, coarse
 * noise is left.
 *
 * @param planes of 3 channels, in [0, 1]
 * @returns planes of the same size, multiples of 1/255
 */
export function shrinkDetail(planes: Planes, { bands, strength, noise }: DetailShrinkage): Planes {
  const colours = opponents(planes);
  const noises = typeof noise === 'number' ? undefined : opponents(noise);
  const variance = typeof noise === 'number' ? noise ** 2 : 0;
  const shrunk = colours.map((plane, i) =>
    shrinkPlane({ ...planes, channels: 1, data: plane }, noises?.[i], {
      bands: bands + (i > 0 ? 1 : 0),
      strength: strength * (i > 0 ? COLOUR_STRENGTH : 1),
      variance,
    }),
  );
  const [luma = new Float32Array(0), red, blue] = shrunk;
  const area = planes.width * planes.height;
  const data = new Float32Array(3 * area);
  for (let p = 0; p < area; p++) {
    const [y, r, b] = [luma[p] ?? 0, red?.[p] ?? 0, blue?.[p] ?? 0];
    data[p] = y + r;
    data[area + p] = y - (bt601.red * r + bt601.blue * b) / bt601.green;
    data[2 * area + p] = y + b;
  }
  roundTo(255, data);
  return { ...planes, data };
}

/** Brightness, and red and blue less brightness. */
function opponents({ data }: Planes): readonly Float32Array<ArrayBuffer>[] {
  const area = data.length / 3;
  const planes = [0, 1, 2].map(() => new Float32Array(area));
  const [luma, red, blue] = planes;
  if (luma === undefined || red === undefined || blue === undefined) return planes;
  for (let p = 0; p < area; p++) {
    const [r, g, b] = [data[p] ?? 0, data[area + p] ?? 0, data[2 * area + p] ?? 0];
    const y = lumaOfColour(r, g, b);
    luma[p] = y;
    red[p] = r - y;
    blue[p] = b - y;
  }
  return planes;
}

function shrinkPlane(
  plane: Planes,
  noise: Float32Array | undefined,
  { bands, strength, variance }: { bands: number; strength: number; variance: number },
): Float32Array {
  const result = new Float32Array(plane.data.length);
  let [left, noiseLeft] = [plane.data, noise];
  let white = variance * FIRST_VARIANCE;
  for (let band = 0; band < bands; band++) {
    const sigma = BLUR * 2 ** band;
    const soft = (data: Float32Array): Float32Array =>
      gaussianBlur({ ...plane, data }, 2 * Math.ceil(2 * sigma) + 1, sigma);
    const [softer, noiseSofter] = [soft(left), noiseLeft === undefined ? undefined : soft(noiseLeft)];
    const energy = soft(squaredDifference(left, softer));
    const noiseEnergy = noiseLeft && noiseSofter && soft(squaredDifference(noiseLeft, noiseSofter));
    for (let i = 0; i < result.length; i++) {
      const detail = (left[i] ?? 0) - (softer[i] ?? 0);
      const gain = Math.max(0, 1 - (strength * (noiseEnergy?.[i] ?? white)) / ((energy[i] ?? 0) + 1e-9));
      result[i] = (result[i] ?? 0) + gain * detail;
    }
    [left, noiseLeft, white] = [softer, noiseSofter, white * NEXT_VARIANCE];
  }
  for (let i = 0; i < result.length; i++) result[i] = (result[i] ?? 0) + (left[i] ?? 0);
  return result;
}

function squaredDifference(a: Float32Array, b: Float32Array): Float32Array {
  const result = new Float32Array(a.length);
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    result[i] = difference * difference;
  }
  return result;
}
