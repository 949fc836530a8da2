import { gaussian, type Plane } from '../../pixels/arithmetic.js';

/** The Gaussian window that means and deviations are taken under, and what lies beyond the edges. */
export interface MscnWindow {
  /** Its width in pixels, odd. */
  readonly taps: number;
  readonly sigma: number;
  /** Whether the edge pixels go on, or black does. */
  readonly edges: 'repeat' | 'zero';
}

/** The window of NIQE (which repeats edges) and BRISQUE (which has black). */
export const sevenTaps = { taps: 7, sigma: 7 / 6 } as const;

/**
 * The smallest difference from the local mean that is one. Pixels of the same value have none, but rounding leaves up to
 * 1e-13, whose signs and sizes would be taken for structure.
 */
const smallestDifference = 1e-9;

/**
 * Mean-subtracted, contrast-normalised coefficients: of each pixel I
 *
 *     (I − μ) / (σ + 1),  μ = Σ w I,  σ = √|Σ w I² − μ²|
 *
 * under a Gaussian window (Mittal, Moorthy and Bovik, 2012, equations 1 to 3), row by row, so that the memory is that of
 * a few rows. Where the window sees one value only, the coefficient is 0.
 *
 * @param plane in [0, 255]
 * @param use gets each row of coefficients and of σ, both overwritten by the next
 */
export function forEachMscnRow(
  { width, height, data }: Plane,
  { taps, sigma, edges }: MscnWindow,
  use: (coefficients: Float64Array, deviations: Float64Array, y: number) => void,
): void {
  const weights = gaussian(taps, sigma);
  const radius = (taps - 1) / 2;
  const line = new Float64Array(width + taps - 1);
  const rings = Array.from({ length: taps }, () => ({
    mean: new Float64Array(width),
    square: new Float64Array(width),
  }));
  const mean = new Float64Array(width);
  const square = new Float64Array(width);
  const coefficients = new Float64Array(width);
  let done = 0;
  for (let y = 0; y < height; y++) {
    for (; done < Math.min(height, y + radius + 1); done++) {
      const row = rings[done % taps];
      if (row === undefined) break;
      for (let x = 0; x < width; x++) line[x + radius] = data[done * width + x] ?? 0;
      if (edges === 'repeat') {
        line.fill(line[radius] ?? 0, 0, radius);
        line.fill(line[width + radius - 1] ?? 0, width + radius);
      }
      blurRow(line, weights, row.mean, row.square);
    }
    mean.fill(0);
    square.fill(0);
    for (let tap = 0; tap < taps; tap++) {
      const source = y + tap - radius;
      if (edges === 'zero' && (source < 0 || source >= height)) continue;
      const row = rings[Math.min(height - 1, Math.max(0, source)) % taps];
      if (row !== undefined) addRow(weights[tap] ?? 0, row.mean, row.square, mean, square);
    }
    for (let x = 0; x < width; x++) {
      const middle = mean[x] ?? 0;
      const deviation = Math.sqrt(Math.abs((square[x] ?? 0) - middle * middle));
      const value = data[y * width + x] ?? 0;
      const difference = value - middle;
      square[x] = deviation;
      coefficients[x] = Math.abs(difference) >= smallestDifference ? difference / (deviation + 1) : 0;
    }
    use(coefficients, square, y);
  }
}

/** The weighted means of a line and of its squares; the line is longer by the window less one. */
function blurRow(line: Float64Array, weights: Float64Array, mean: Float64Array, square: Float64Array): void {
  for (let x = 0; x < mean.length; x++) {
    let sum = 0;
    let squares = 0;
    for (let tap = 0; tap < weights.length; tap++) {
      const value = line[x + tap] ?? 0;
      const weighted = (weights[tap] ?? 0) * value;
      sum += weighted;
      squares += weighted * value;
    }
    mean[x] = sum;
    square[x] = squares;
  }
}

function addRow(
  weight: number,
  means: Float64Array,
  squares: Float64Array,
  mean: Float64Array,
  square: Float64Array,
): void {
  for (let x = 0; x < mean.length; x++) {
    mean[x] = (mean[x] ?? 0) + weight * (means[x] ?? 0);
    square[x] = (square[x] ?? 0) + weight * (squares[x] ?? 0);
  }
}
