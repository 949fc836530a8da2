import { applyNoise } from '../../noise/index.js';
import type { Planes } from '../../pixels/index.js';
import type { Random } from '../../random.js';
import type { CalibratedSquares } from './own-noise.js';

/** What a measurement on noisy pictures says of two denoisers. Losses are mean squared errors against noisy values, in units of 255². */
export interface Verdict {
  readonly before: number;
  readonly after: number;
  /** Standard error of their difference. */
  readonly error: number;
  /** Whether the second is better, by more than that error. */
  readonly better: boolean;
}

/** How much of the noise is added once more to what is denoised; its inverse is taken from what that is held against. */
const SHARE = 0.5;

/** The side of the cells whose losses count as independent. */
const CELL = 32;

type Denoise = (noisy: Planes) => Promise<Planes>;

/**
 * Compares two denoisers on noisy pictures without clean ones: to a picture y noise z like its own is added, y + αz is denoised, and
 * the result is held against y − z/α. As their noises are uncorrelated, the mean squared difference is the error against
 * the clean picture and a number that does not depend on the denoiser (Pang et al., "Recorrupted-to-Recorrupted", CVPR
 * 2021, who learn by it; α = 0.5). How well it holds depends on how like the noise of y the imitated one is.
 */
export async function compareOnNoisy(
  squares: readonly CalibratedSquares[],
  before: Denoise,
  after: Denoise,
  random: Random,
): Promise<Verdict> {
  const losses = { before: 0, after: 0 };
  const differences: number[] = [];
  for (const { noisy, estimates, processes } of squares) {
    for (const [i, picture] of noisy.entries()) {
      const estimate = estimates[i];
      const process = processes[i % processes.length];
      if (estimate === undefined || process === undefined) continue;
      const shot = await applyNoise(estimate, process, random);
      const noise = shot.noisy.data.map((value, at) => value - (shot.clean.data[at] ?? 0));
      const worse = picture.data.map((value, at) => value + SHARE * (noise[at] ?? 0));
      const target = picture.data.map((value, at) => value - (noise[at] ?? 0) / SHARE);
      const given = { ...picture, data: worse };
      const [old, fresh] = [await before(given), await after(given)];
      const [a, b] = [cellLosses(old, target), cellLosses(fresh, target)];
      for (const [at, value] of a.entries()) {
        losses.before += value;
        losses.after += b[at] ?? 0;
        differences.push((b[at] ?? 0) - value);
      }
    }
  }
  const count = Math.max(1, differences.length);
  const mean = differences.reduce((sum, value) => sum + value, 0) / count;
  const square = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const error = count < 2 ? Number.POSITIVE_INFINITY : Math.sqrt(square / (count - 1) / count);
  return {
    before: losses.before / count,
    after: losses.after / count,
    error,
    better: mean < -error,
  };
}

/** Mean squared differences, cell by cell. */
function cellLosses({ data, width, height }: Planes, target: Float32Array): Float64Array {
  const columns = Math.max(1, Math.floor(width / CELL));
  const rows = Math.max(1, Math.floor(height / CELL));
  const sums = new Float64Array(columns * rows);
  const counts = new Float64Array(columns * rows);
  for (let at = 0; at < data.length; at++) {
    const x = at % width;
    const y = Math.floor(at / width) % height;
    const cell =
      Math.min(rows - 1, Math.floor(y / CELL)) * columns + Math.min(columns - 1, Math.floor(x / CELL));
    sums[cell] = (sums[cell] ?? 0) + (255 * ((data[at] ?? 0) - (target[at] ?? 0))) ** 2;
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  return sums.map((sum, cell) => sum / Math.max(1, counts[cell] ?? 1));
}
