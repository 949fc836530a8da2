import type { Random } from '../random.js';
import { blur, type Pause } from './blur.js';
import { type BlurSettings, drawBlurKernel, drawFinalSinc } from './draw-blur-kernel.js';
import { between, happens, keyByWeight, oneOf, type Range, compressJpeg, roundTo } from '../noise/index.js';
import { addGaussianNoise, addPoissonNoise } from './noise.js';
import { type Planes, resize, resizeBy, resizeModes } from '../pixels/index.js';

/** What one of the two rounds of the degradation draws from. */
export interface DegradationRound {
  readonly blur: BlurSettings;
  readonly blurProbability: number;
  /** How likely the picture grows, shrinks, or keeps its size. */
  readonly resize: Readonly<Record<'up' | 'down' | 'keep', number>>;
  /** The smallest factor when it shrinks, and the largest when it grows. */
  readonly resizeRange: Range;
  /** How likely the noise is Gaussian; else it is Poisson noise. */
  readonly gaussianProbability: number;
  /** Standard deviations of Gaussian noise, in steps of 8 bits. */
  readonly gaussianSigma: Range;
  /** Factors of Poisson noise. */
  readonly poissonScale: Range;
  /** How likely all channels get the same noise. */
  readonly greyNoiseProbability: number;
  readonly jpegQuality: Range;
}

/** What the degradation draws from. */
export interface RealWorldSettings {
  readonly first: DegradationRound;
  readonly second: DegradationRound;
  readonly finalSincProbability: number;
  /** How likely the final resize and sinc come before the last JPEG and not after it. */
  readonly jpegLastProbability: number;
}

const kernels: BlurSettings = {
  sizes: [7, 9, 11, 13, 15, 17, 19, 21],
  sincProbability: 0.1,
  families: {
    isotropic: 0.45,
    anisotropic: 0.25,
    generalisedIsotropic: 0.12,
    generalisedAnisotropic: 0.03,
    plateauIsotropic: 0.12,
    plateauAnisotropic: 0.03,
  },
  sigma: [0.2, 3],
  generalisedBeta: [0.5, 4],
  plateauBeta: [1, 2],
};

/** The published constants of Real-ESRGAN ×4plus. */
export const realEsrgan: RealWorldSettings = {
  first: {
    blur: kernels,
    blurProbability: 1,
    resize: { up: 0.2, down: 0.7, keep: 0.1 },
    resizeRange: [0.15, 1.5],
    gaussianProbability: 0.5,
    gaussianSigma: [1, 30],
    poissonScale: [0.05, 3],
    greyNoiseProbability: 0.4,
    jpegQuality: [30, 95],
  },
  second: {
    blur: { ...kernels, sigma: [0.2, 1.5] },
    blurProbability: 0.8,
    resize: { up: 0.3, down: 0.4, keep: 0.3 },
    resizeRange: [0.3, 1.2],
    gaussianProbability: 0.5,
    gaussianSigma: [1, 25],
    poissonScale: [0.05, 2.5],
    greyNoiseProbability: 0.4,
    jpegQuality: [30, 95],
  },
  finalSincProbability: 0.8,
  jpegLastProbability: 0.5,
};

/** Options of {@link degradeRealWorld}. */
export interface RealWorldOptions {
  /** Default: {@link realEsrgan}. */
  readonly settings?: RealWorldSettings;
  /** Called between the parts of the work on large pictures. */
  readonly pause?: Pause;
}

/**
 * Real-ESRGAN's second-order degradation (arXiv 2107.10833, section 3): blur, resize, noise and JPEG, twice, each
 * drawn anew; then to the final size with a sinc filter, before or after the second JPEG; then 8 bits. Everything is
 * drawn from `random`: the same state gives the same result.
 *
 * @param planes 1 or 3 channels, in [0, 1], both sides multiples of the scale
 * @returns planes smaller by the scale, multiples of 1/255
 *
 * @example
 * const low = await degradeRealWorld(picture, 4, createRandom(7));
 */
export async function degradeRealWorld(
  planes: Planes,
  scale: number,
  random: Random,
  { settings = realEsrgan, pause }: RealWorldOptions = {},
): Promise<Planes> {
  const { first, second } = settings;
  const to = { width: planes.width / scale, height: planes.height / scale };

  let picture = await blurOrNot(planes, first, random, pause);
  const factor = drawFactor(first, random);
  const mode = oneOf(random, resizeModes);
  if (factor !== 1) picture = resizeBy(picture, factor, mode);
  await pause?.();
  picture = addNoise(picture, first, random);
  await pause?.();
  picture = await compressJpeg(picture, between(random, first.jpegQuality));

  picture = await blurOrNot(picture, second, random, pause);
  // Relative to the final size, not to the size that the first round led to.
  const secondFactor = drawFactor(second, random);
  const side = (length: number): number => Math.max(1, Math.floor(length * secondFactor));
  picture = resize(picture, { width: side(to.width), height: side(to.height) }, oneOf(random, resizeModes));
  await pause?.();
  picture = addNoise(picture, second, random);
  await pause?.();

  const jpegLast = happens(random, settings.jpegLastProbability);
  const quality = between(random, second.jpegQuality);
  if (!jpegLast) picture = await compressJpeg(picture, quality);
  picture = resize(picture, to, oneOf(random, resizeModes));
  if (happens(random, settings.finalSincProbability))
    picture = await blur(picture, drawFinalSinc(random, second.blur.sizes), pause);
  // A JPEG has 8 bits.
  if (jpegLast) return compressJpeg(picture, quality);
  const data = new Float32Array(picture.data);
  roundTo(255, data);
  return { ...picture, data };
}

async function blurOrNot(
  planes: Planes,
  { blur: settings, blurProbability }: DegradationRound,
  random: Random,
  pause: Pause | undefined,
): Promise<Planes> {
  const kernel = drawBlurKernel(random, settings);
  return happens(random, blurProbability) ? blur(planes, kernel, pause) : planes;
}

function drawFactor({ resize: kinds, resizeRange: [least, most] }: DegradationRound, random: Random): number {
  switch (keyByWeight(random, kinds)) {
    case 'up':
      return between(random, [1, most]);
    case 'down':
      return between(random, [least, 1]);
    case 'keep':
      return 1;
  }
}

function addNoise(planes: Planes, round: DegradationRound, random: Random): Planes {
  const gaussian = happens(random, round.gaussianProbability);
  const grey = happens(random, round.greyNoiseProbability);
  return gaussian
    ? addGaussianNoise(planes, between(random, round.gaussianSigma), grey, random)
    : addPoissonNoise(planes, between(random, round.poissonScale), grey, random);
}
