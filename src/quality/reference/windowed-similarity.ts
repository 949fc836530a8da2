import { gaussian, type Plane } from '../../pixels/arithmetic.js';

/** The weights of a window along one axis, and what its variances are multiplied by. */
export interface SimilarityWindow {
  readonly weights: Float64Array;
  /** 1 for the variances of a population, n/(n − 1) for those of a sample of n pixels. */
  readonly correction: number;
}

/** Means over all places where a window lies inside of the picture. */
export interface Similarity {
  /** Of luminance, contrast and structure: SSIM. */
  readonly whole: number;
  /** Of contrast and structure alone: `(2 σab + c2) / (σa² + σb² + c2)`. */
  readonly structure: number;
}

/** One channel, row by row, in values from 0 to 255. */
type Samples = Plane['data'];

/** The constants that keep the fractions apart from 0 / 0: (K · 255)², K = 0.01 and 0.03. */
export const c1 = (0.01 * 255) ** 2;
export const c2 = (0.03 * 255) ** 2;

/** E[a], E[b], E[a²], E[b²] and E[ab] under the window. */
const moments = 5;

/** The window of SSIM: Gaussian, 11 pixels wide, σ = 1.5, population variances. */
export const gaussianWindow: SimilarityWindow = { weights: gaussian(11, 1.5), correction: 1 };

/** 7 pixels that count alike, and sample variances: the default of scikit-image. */
export const uniformWindow: SimilarityWindow = {
  weights: new Float64Array(7).fill(1 / 7),
  correction: 49 / 48,
};

/**
 * The mean similarity of two channels. The window is a product of a column and a row: rows are blurred as they come into a
 * ring as high as the window, and every row of positions is a blur of that ring. So the memory is that of a few rows,
 * whatever the picture.
 */
export function windowedSimilarity(
  a: Samples,
  b: Samples,
  width: number,
  height: number,
  window: SimilarityWindow,
): Similarity {
  const { weights, correction } = window;
  const taps = weights.length;
  const positions = width - taps + 1;
  const ring = Array.from({ length: taps }, () => new Float64Array(moments * positions));
  const blurred = new Float64Array(moments * positions);
  let [whole, structure] = [0, 0];
  for (let y = 0; y < height; y++) {
    const row = ring[y % taps];
    if (row === undefined) break;
    blurRow(a, b, y * width, row, positions, weights);
    if (y < taps - 1) continue;
    blurred.fill(0);
    for (const [tap, weight] of weights.entries()) {
      const from = ring[(y + 1 + tap) % taps];
      if (from === undefined) break;
      for (let i = 0; i < blurred.length; i++) blurred[i] = (blurred[i] ?? 0) + weight * (from[i] ?? 0);
    }
    const sums = sumOfSimilarities(blurred, positions, correction);
    whole += sums.whole;
    structure += sums.structure;
  }
  const places = positions * (height - taps + 1);
  return { whole: whole / places, structure: structure / places };
}

/** The moments of one row of pixels under the horizontal window: `[moments, positions]`. */
function blurRow(
  a: Samples,
  b: Samples,
  start: number,
  row: Float64Array,
  positions: number,
  weights: Float64Array,
): void {
  const taps = weights.length;
  for (let x = 0; x < positions; x++) {
    let meanA = 0;
    let meanB = 0;
    let squareA = 0;
    let squareB = 0;
    let product = 0;
    for (let tap = 0; tap < taps; tap++) {
      const weight = weights[tap] ?? 0;
      const p = a[start + x + tap] ?? 0;
      const q = b[start + x + tap] ?? 0;
      meanA += weight * p;
      meanB += weight * q;
      squareA += weight * p * p;
      squareB += weight * q * q;
      product += weight * p * q;
    }
    row[x] = meanA;
    row[positions + x] = meanB;
    row[2 * positions + x] = squareA;
    row[3 * positions + x] = squareB;
    row[4 * positions + x] = product;
  }
}

function sumOfSimilarities(blurred: Float64Array, positions: number, correction: number): Similarity {
  let [whole, sum] = [0, 0];
  for (let x = 0; x < positions; x++) {
    const meanA = blurred[x] ?? 0;
    const meanB = blurred[positions + x] ?? 0;
    const varianceA = correction * ((blurred[2 * positions + x] ?? 0) - meanA * meanA);
    const varianceB = correction * ((blurred[3 * positions + x] ?? 0) - meanB * meanB);
    const covariance = correction * ((blurred[4 * positions + x] ?? 0) - meanA * meanB);
    const luminance = (2 * meanA * meanB + c1) / (meanA * meanA + meanB * meanB + c1);
    const structure = (2 * covariance + c2) / (varianceA + varianceB + c2);
    whole += luminance * structure;
    sum += structure;
  }
  return { whole, structure: sum };
}
