import { bicubicResize, gaussianBlur, type Planes, resize, resizeModes } from '../pixels/index.js';
import type { Random } from '../random.js';
import { blur } from './blur.js';
import { between, happens, oneOf, clamp, roundTo } from '../noise/index.js';
import { addGaussianNoise, addPoissonNoise } from './noise.js';
import {
  changeExposure,
  discKernel,
  drawTowards,
  fade,
  meanValue,
  motionBlur,
  tint,
} from './photographic-flaws.js';
import {
  banded,
  cameraNoisy,
  compressed,
  filmGrained,
  oversharpened,
  wronglyDenoised,
} from './processing-flaws.js';
import { degradeRealWorld, type RealWorldSettings, realEsrgan } from './real-world.js';
import { shrinkDetail } from './shrink-detail.js';

/** One way in which photographs go wrong. */
export interface Flaw {
  readonly name: FlawName;
  /**
   * Does it to a picture of 3 channels.
   *
   * @param strength from 0, hardly any, to 1
   * @param random the same state and another strength give the same flaw, more or less of it
   */
  apply(planes: Planes, strength: number, random: Random): Planes | Promise<Planes>;
}

/** Names of {@link flaws}. */
export type FlawName =
  | 'softness'
  | 'defocus'
  | 'motion'
  | 'darkness'
  | 'glare'
  | 'haze'
  | 'paleness'
  | 'cast'
  | 'smallness'
  | 'noise'
  | 'grain'
  | 'camera'
  | 'film'
  | 'denoising'
  | 'smoothing'
  | 'sharpening'
  | 'banding'
  | 'compression'
  | 'wear';

/** Real-ESRGAN's two rounds of damage, milder or stronger. */
function wornBy(strength: number): RealWorldSettings {
  const milder = (most: number, least: number): number => least + (most - least) * strength;
  const quality = [milder(15, 85), milder(40, 95)] as const;
  const { first, second } = realEsrgan;
  return {
    ...realEsrgan,
    first: {
      ...first,
      blur: { ...first.blur, sizes: [7, 9, 11], sigma: [0.2, milder(3, 0.4)] },
      resizeRange: [milder(0.3, 0.9), milder(1.4, 1.1)],
      gaussianSigma: [1, milder(35, 3)],
      poissonScale: [0.05, milder(3.5, 0.2)],
      jpegQuality: quality,
    },
    second: {
      ...second,
      blur: { ...second.blur, sizes: [7, 9], sigma: [0.2, milder(1.5, 0.3)] },
      resizeRange: [milder(0.4, 0.9), 1.1],
      gaussianSigma: [1, milder(25, 2)],
      poissonScale: [0.05, milder(2.5, 0.1)],
      jpegQuality: quality,
    },
    finalSincProbability: 0.3,
  };
}

function softened(planes: Planes, sigma: number): Planes {
  return { ...planes, data: gaussianBlur(planes, 2 * Math.ceil(2.5 * sigma) + 1, sigma) };
}

/** Made smaller and enlarged again. */
function shrunk(planes: Planes, factor: number, random: Random): Planes {
  const { channels, width, height } = planes;
  const side = (length: number): number => Math.max(4, Math.round(length / factor));
  const small = { width: side(width), height: side(height) };
  const data = bicubicResize(planes.data, planes, small);
  const enlarged = resize({ channels, ...small, data }, { width, height }, oneOf(random, resizeModes));
  clamp(enlarged.data);
  return enlarged;
}

/** Noise in clumps, as weak light and the cameras' own denoising leave it. */
function grained(planes: Planes, sigma: number, random: Random): Planes {
  const { channels, width, height } = planes;
  const size = { channels, width: Math.ceil(width / 2), height: Math.ceil(height / 2) };
  const grey = { ...size, data: new Float32Array(channels * size.width * size.height).fill(0.5) };
  const coarse = resize(
    addGaussianNoise(grey, sigma, happens(random, 0.3), random),
    { width, height },
    'bicubic',
  );
  const data = planes.data.map((value, i) => value + (coarse.data[i] ?? 0) - 0.5);
  clamp(data);
  return { ...planes, data };
}

/**
 * The ways in which photographs go wrong, in the order in which they do: in front of the lens, in it, on the sensor, in
 * the file. Wider than what upscaling is trained with: light, contrast and colour are among them.
 */
export const flaws: readonly Flaw[] = [
  {
    name: 'haze',
    apply(planes, strength, random) {
      const level = happens(random, 0.5) ? meanValue(planes) : between(random, [0.4, 0.95]);
      return drawTowards(planes, level, 1 - 0.85 * strength);
    },
  },
  { name: 'softness', apply: (planes, strength) => softened(planes, 0.4 + 3.6 * strength ** 1.5) },
  { name: 'defocus', apply: (planes, strength) => blur(planes, discKernel(0.5 + 5.5 * strength)) },
  {
    name: 'motion',
    apply: (planes, strength, random) => motionBlur(planes, 2 + 22 * strength, between(random, [0, Math.PI])),
  },
  { name: 'darkness', apply: (planes, strength) => changeExposure(planes, -0.4 - 4.6 * strength) },
  { name: 'glare', apply: (planes, strength) => changeExposure(planes, 0.2 + 2.3 * strength) },
  { name: 'paleness', apply: (planes, strength) => fade(planes, 1 - strength) },
  {
    name: 'cast',
    apply(planes, strength, random) {
      const factors = [0, 1, 2].map(() => 1 - 0.7 * strength * random.uniform());
      const brightest = Math.max(...factors);
      return tint(
        planes,
        factors.map((factor) => factor / brightest),
      );
    },
  },
  { name: 'smallness', apply: (planes, strength, random) => shrunk(planes, 1.15 + 4.5 * strength, random) },
  {
    name: 'noise',
    apply(planes, strength, random) {
      const grey = happens(random, 0.4);
      return happens(random, 0.5)
        ? addGaussianNoise(planes, 2 + 48 * strength, grey, random)
        : addPoissonNoise(planes, 0.1 + 4 * strength, grey, random);
    },
  },
  { name: 'grain', apply: (planes, strength, random) => grained(planes, 2 + 40 * strength, random) },
  { name: 'camera', apply: cameraNoisy },
  { name: 'film', apply: filmGrained },
  { name: 'denoising', apply: wronglyDenoised },
  {
    name: 'smoothing',
    apply: (planes, strength, random) =>
      shrinkDetail(planes, {
        ...{ bands: 2 + random.integer(3), strength: 1 },
        noise: (3 + 42 * strength) / 255,
      }),
  },
  {
    name: 'sharpening',
    apply: (planes, strength, random) =>
      oversharpened(planes, between(random, [0.6, 2.5]), 0.4 + 4.6 * strength),
  },
  { name: 'banding', apply: (planes, strength) => banded(planes, 64 * (5 / 64) ** strength) },
  {
    name: 'wear',
    apply: (planes, strength, random) => degradeRealWorld(planes, 1, random, { settings: wornBy(strength) }),
  },
  { name: 'compression', apply: compressed },
];

/** Rounds to 8 bits, which every photograph ends in. */
export function inEightBits(planes: Planes): Planes {
  const data = Float32Array.from(planes.data);
  roundTo(255, data);
  return { ...planes, data };
}
