import { anyNoise, between, happens, type NoiseSettings, noisyPair, oneOf } from '../../noise/index.js';
import type { Planes } from '../../pixels/index.js';
import { damage } from '../../quality/index.js';
import type { Random } from '../../random.js';
import { type FlawName, flaws, shrinkDetail } from '../../upscale/index.js';

/** Versions of one picture, and how damaged the first one of them is. */
export interface NoiseLesson {
  /** Without noise, with some, with more, and denoised. */
  readonly pictures: readonly [clean: Planes, less: Planes, noisy: Planes, denoised: Planes];
  /** Of the one without noise, against the original. */
  readonly damage: number;
}

/** Cameras' noise from hardly any to much, and some of films; at times as a camera's own denoising left it. */
const lessonNoise: NoiseSettings = {
  ...anyNoise,
  sources: { camera: 0.8, film: 0.12, gaussian: 0.08, none: 0 },
  camera: { ...anyNoise.camera, shot: [5e-5, 2.5e-2] },
  gaussianSigma: [1, 40],
  afterwards: { denoised: 0.4, sharpened: 0.3, smaller: 0, larger: 0, jpeg: 0, secondJpeg: 0 },
  eightBits: 0,
};

/** How pictures lack detail that noise could be taken for. */
const plainMakers = [
  ...(['softness', 'softness', 'defocus', 'motion', 'smallness', 'smoothing'] as const),
  ...(['darkness', 'darkness', 'haze', 'paleness'] as const),
] as const satisfies readonly FlawName[];

/**
 * Noise beside no noise, where it is hard to tell: in pictures that are soft, dark or flat already, noise looks like the detail
 * that they lack. The same noise, a little of it and all of it, and a denoising of it, good or wrong.
 */
export async function noiseLesson(original: Planes, random: Random): Promise<NoiseLesson> {
  const name = happens(random, 0.65) ? oneOf(random, plainMakers) : undefined;
  const plain = flaws.find((flaw) => flaw.name === name);
  const strength = random.uniform() ** 1.5;
  const base = plain === undefined ? original : await plain.apply(original, strength, random);
  const { clean, noisy } = await noisyPair(base, random, { settings: lessonNoise });
  const share = between(random, [0.2, 0.7]);
  const noise = { ...clean, data: noisy.data.map((value, i) => value - (clean.data[i] ?? 0)) };
  const less = { ...clean, data: clean.data.map((value, i) => value + share * (noise.data[i] ?? 0)) };
  const how = { bands: 2 + random.integer(3), strength: Math.exp(between(random, [-0.4, 1.4])) };
  return {
    pictures: [clean, less, noisy, shrinkDetail(noisy, { ...how, noise })],
    damage: base === original ? 0 : damage(base, original),
  };
}
