import type { Random } from '../random.js';
import { noiseFeatures } from './noise-features.js';
import {
  applyNoise,
  drawNoiseProcess,
  type NoiseProcess,
  type NoiseSettings,
  nearProcess,
} from './noise-process.js';
import { anyNoise } from './noisy-pair.js';
import type { Planes } from '../pixels/index.js';

/** Options of {@link calibrateNoise}. */
export interface CalibrationOptions {
  /** What processes are drawn from; default: any noise, at the size of the picture. */
  readonly settings?: NoiseSettings;
  /** How many are drawn in each of the three rounds; default 40. */
  readonly draws?: number;
  /** How many are kept; default 8. */
  readonly kept?: number;
  /** Is told after each draw which share of all is done. */
  readonly onProgress?: (done: number) => void;
  readonly signal?: AbortSignal;
}

/** Ways to make a noise like that of a picture. */
export interface Calibration {
  /** The nearest first. */
  readonly processes: readonly NoiseProcess[];
  /** How unlike its noise and that of the nearest process are, see {@link noiseFeatures}: the sum of squared differences. */
  readonly distance: number;
}

/** Draws of the second and third round are so near to the best of the round before. */
const SPREADS = [0.35, 0.15];

/** In the later rounds one of so many is changed. */
const PARENTS = 8;

/** Where nothing is said: dark exposures are in the picture already, and it stays as large as it is. */
const likeThePicture: NoiseSettings = {
  ...anyNoise,
  sources: { camera: 0.8, film: 0.1, gaussian: 0.1, none: 0 },
  camera: { ...anyNoise.camera, exposureProbability: 0, hotPixelProbability: 0, shot: [1e-5, 1e-1] },
  afterwards: { ...anyNoise.afterwards, denoised: 0.3, sharpened: 0.2, smaller: 0, larger: 0, jpeg: 0.4 },
};

/**
 * Finds out which cameras, films and what was done afterwards make a noise like that of a picture: draws processes, makes an estimate of
 * the clean picture noisy by each, lets the same denoiser separate both, the picture and the imitation, and keeps the processes
 * whose separated noise is most alike, then draws near to those. That the same denoiser looks at both undoes what it
 * takes for noise by mistake, and what it overlooks. (Approximate Bayesian computation by sequential draws; Sisson, Fan and
 * Tanaka, PNAS 2007, for the idea. Its use for this, and the features, are this program's own.)
 *
 * @param noisy red, green and blue in [0, 1]
 * @param estimate what is taken for the clean picture, of the same size
 * @param denoised how a picture is denoised, at full strength
 *
 * @example
 * const { processes } = await calibrateNoise(noisy, await denoised(noisy), denoised, createRandom(0));
 */
export async function calibrateNoise(
  noisy: Planes,
  estimate: Planes,
  denoised: (noisy: Planes) => Promise<Planes>,
  random: Random,
  { settings = likeThePicture, draws = 40, kept = 8, onProgress, signal }: CalibrationOptions = {},
): Promise<Calibration> {
  const featuresOf = async (picture: Planes): Promise<readonly number[]> => {
    const clean = await denoised(picture);
    const data = new Float32Array(picture.data).map((value, i) => value - (clean.data[i] ?? 0));
    return noiseFeatures({ ...picture, data }, estimate);
  };
  const target = await featuresOf(noisy);
  let pool: { readonly process: NoiseProcess; readonly distance: number }[] = [];
  const spreads = [undefined, ...SPREADS];
  for (const [round, spread] of spreads.entries()) {
    const parents = pool.slice(0, PARENTS);
    for (let i = 0; i < draws; i++) {
      signal?.throwIfAborted();
      const parent = parents[random.integer(Math.max(1, parents.length))];
      const process =
        spread === undefined || parent === undefined
          ? drawNoiseProcess(random, settings)
          : nearProcess(parent.process, random, settings, spread);
      const imitation = await applyNoise(estimate, process, random);
      const features = await featuresOf(imitation.noisy);
      pool.push({ process, distance: squaredDistance(features, target) });
      onProgress?.((round * draws + i + 1) / (spreads.length * draws));
    }
    pool = pool.toSorted((a, b) => a.distance - b.distance).slice(0, 3 * PARENTS);
  }
  return {
    processes: pool.slice(0, kept).map(({ process }) => process),
    distance: pool[0]?.distance ?? Number.POSITIVE_INFINITY,
  };
}

function squaredDistance(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + (value - (b[i] ?? 0)) ** 2, 0);
}
