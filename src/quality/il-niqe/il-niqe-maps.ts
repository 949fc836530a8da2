import { type Complex, transform2d } from './fourier.js';
import { gaussianDerivatives } from './gaussian-derivative.js';
import { logGaborFilters } from './log-gabor.js';
import { gaussian, repeatIndex } from '../../pixels/arithmetic.js';
import { forEachMscnRow } from '../statistics/mscn.js';

/** Colour planes of one size in [0, 255]. */
export interface ColourPlanes {
  readonly width: number;
  readonly height: number;
  readonly red: Float64Array;
  readonly green: Float64Array;
  readonly blue: Float64Array;
}

/** Kinds of maps by what is fitted to their patches. */
export type MapKind = 'mscn' | 'weibull' | 'normal' | 'symmetric';

/** Gets a map `[height, width]` and which it is; σ comes with the first. */
export type UseMap = (index: number, kind: MapKind, map: Float64Array, deviations?: Float64Array) => void;

/** The published constants (Zhang, Zhang and Bovik, 2015, and the MATLAB program). */
const derivativeSigma = 1.66;
const derivativeShrink = 0.28;
const shortestWave = 2.4;
const waveShrink = 0.87;
const bank = { scales: 3, orientations: 4, waveFactor: 1.31, radialWidth: 0.55, angularRatio: 1.1 };
const logOffset = 0.00001;
const smoothing = { taps: 6, sigma: 0.9 };
const window = { taps: 5, sigma: 5 / 6, edges: 'repeat' } as const;

/** How many maps a scale has. */
export const mapsPerScale = 109;
/** Numbers of the first gradient, colour, derivative, response, response's derivative and response's gradient maps. */
const first = { gradient: 1, colour: 4, derivative: 7, response: 13, partial: 37, slope: 85 } as const;

/**
 * The 109 maps that IL-NIQE takes features of at one scale: MSCN coefficients of the luminance; gradient magnitudes and
 * derivatives of three opponent colours; intensity and two colour differences of logarithms; log-Gabor responses, their
 * derivatives and gradient magnitudes. They come one at a time (together they would take 220 MB).
 *
 * @param scale 1 for full, 2 for half size: filters become smaller with it
 * @param use gets each map with its number in the original's order
 */
export function forEachMap(planes: ColourPlanes, scale: number, use: UseMap): void {
  const { width, height } = planes;
  const sigma = derivativeSigma / scale ** derivativeShrink;
  const opponents = opponentColours(planes);
  const luminance = opponents[2];

  const coefficients = new Float64Array(width * height);
  const deviations = new Float64Array(width * height);
  forEachMscnRow({ width, height, data: luminance }, window, (row, deviation, y) => {
    coefficients.set(row, y * width);
    deviations.set(deviation, y * width);
  });
  use(0, 'mscn', coefficients, deviations);

  for (const [i, colour] of opponents.entries()) {
    const { across, down } = gaussianDerivatives(colour, width, height, sigma);
    use(first.gradient + i, 'weibull', magnitude(across, down));
    use(first.derivative + 2 * i, 'symmetric', across);
    use(first.derivative + 2 * i + 1, 'symmetric', down);
  }
  for (const [i, map] of logarithmicColours(planes).entries()) use(first.colour + i, 'normal', map);

  const filter = logGaborFilters(width, height, {
    ...bank,
    shortestWave: shortestWave / scale ** waveShrink,
  });
  const spectrum = { real: Float64Array.from(luminance), imaginary: new Float64Array(width * height) };
  transform2d(spectrum, width, height, 'forward');
  for (let number = 0; number < bank.scales * bank.orientations; number++) {
    const passes = filter(Math.floor(number / bank.orientations), number % bank.orientations);
    const { real, imaginary } = filtered(spectrum, passes, width, height);
    for (const [i, part] of [real, imaginary].entries()) {
      const { across, down } = gaussianDerivatives(part, width, height, sigma);
      use(first.response + 2 * number + i, 'symmetric', part);
      use(first.partial + 4 * number + 2 * i, 'symmetric', across);
      use(first.partial + 4 * number + 2 * i + 1, 'symmetric', down);
      use(first.slope + 2 * number + i, 'weibull', magnitude(across, down));
    }
  }
}

/** Three opponent colours (Geusebroek et al., 2001), the last one the luminance. */
function opponentColours({ red, green, blue }: ColourPlanes): [Float64Array, Float64Array, Float64Array] {
  const mix = (r: number, g: number, b: number): Float64Array =>
    red.map((value, i) => r * value + g * (green[i] ?? 0) + b * (blue[i] ?? 0));
  return [mix(0.3, 0.04, -0.35), mix(0.34, -0.6, 0.17), mix(0.06, 0.63, 0.27)];
}

/** Intensity, blue against yellow and red against green of logarithms less their mean (Ruderman et al., 1998). */
function logarithmicColours({ red, green, blue }: ColourPlanes): Float64Array[] {
  const [r, g, b] = [red, green, blue].map((plane) => {
    const logs = plane.map((value) => Math.log(value + logOffset));
    const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
    return logs.map((log) => log - mean);
  });
  if (r === undefined || g === undefined || b === undefined) return [];
  return [
    r.map((value, i) => (value + (g[i] ?? 0) + (b[i] ?? 0)) / Math.sqrt(3)),
    r.map((value, i) => (value + (g[i] ?? 0) - 2 * (b[i] ?? 0)) / Math.sqrt(6)),
    r.map((value, i) => (value - (g[i] ?? 0)) / Math.SQRT2),
  ];
}

/** The response to a filter: its even part is real, its odd part imaginary. */
function filtered(spectrum: Complex, filter: Float64Array, width: number, height: number): Complex {
  const response = { real: product(spectrum.real, filter), imaginary: product(spectrum.imaginary, filter) };
  transform2d(response, width, height, 'backward');
  return response;
}

function product(values: Float64Array, factors: Float64Array): Float64Array {
  const products = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) products[i] = (values[i] ?? 0) * (factors[i] ?? 0);
  return products;
}

/** √(x² + y²), and a little so that none is 0. */
function magnitude(across: Float64Array, down: Float64Array): Float64Array {
  const lengths = new Float64Array(across.length);
  for (let i = 0; i < lengths.length; i++) {
    const [x, y] = [across[i] ?? 0, down[i] ?? 0];
    lengths[i] = Math.sqrt(x * x + y * y) + Number.EPSILON;
  }
  return lengths;
}

/**
 * Planes of half the size: blurred by a Gaussian of 6×6 samples (σ = 0.9), every second one kept. The even window lies
 * from two samples before a kept one to three after it; edge samples go on.
 */
export function halfSize(planes: ColourPlanes): ColourPlanes {
  const { width, height } = planes;
  const size = { width: Math.ceil(width / 2), height: Math.ceil(height / 2) };
  const [red, green, blue] = [planes.red, planes.green, planes.blue].map((plane) =>
    halfPlane(plane, width, height, size.width, size.height),
  );
  const none = new Float64Array();
  return { ...size, red: red ?? none, green: green ?? none, blue: blue ?? none };
}

function halfPlane(
  plane: Float64Array,
  width: number,
  height: number,
  halfWidth: number,
  halfHeight: number,
): Float64Array {
  const weights = gaussian(smoothing.taps, smoothing.sigma);
  const before = smoothing.taps / 2 - 1;
  const narrow = new Float64Array(halfWidth * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < halfWidth; x++) {
      let sum = 0;
      for (const [tap, weight] of weights.entries())
        sum += weight * (plane[y * width + repeatIndex(2 * x - before + tap, width)] ?? 0);
      narrow[y * halfWidth + x] = sum;
    }
  }
  const result = new Float64Array(halfWidth * halfHeight);
  for (let y = 0; y < halfHeight; y++) {
    for (const [tap, weight] of weights.entries()) {
      const from = repeatIndex(2 * y - before + tap, height) * halfWidth;
      for (let x = 0; x < halfWidth; x++)
        result[y * halfWidth + x] = (result[y * halfWidth + x] ?? 0) + weight * (narrow[from + x] ?? 0);
    }
  }
  return result;
}
