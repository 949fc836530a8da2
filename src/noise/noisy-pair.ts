import type { Random } from '../random.js';
import { type AfterwardsSettings, afterwards, anyAfterwards } from './afterwards.js';
import { anyCamera, type CameraSettings, drawCamera, photograph, type Shot } from './camera.js';
import { between, keyByWeight, type Range } from './draws.js';
import { addFilmGrain, drawFilm } from './film-grain.js';
import { clamp, type Planes, roundTo } from './planes.js';
import { fillNormals } from './random-normals.js';

/** Where noise comes from. */
export type NoiseSource = 'camera' | 'film' | 'gaussian' | 'none';

/** What noisy pictures are drawn from. */
export interface NoiseSettings {
  /** How likely each source of noise is. `none` leaves the picture clean but for what is done afterwards. */
  readonly sources: Readonly<Record<NoiseSource, number>>;
  readonly camera: CameraSettings;
  /** Standard deviations of Gaussian noise, in steps of 8 bits. */
  readonly gaussianSigma: Range;
  readonly afterwards: AfterwardsSettings;
  /** How likely a picture without JPEG is rounded to 8 bits. */
  readonly eightBits: number;
}

/** What a denoiser for any picture learns from. */
export const anyNoise: NoiseSettings = {
  sources: { camera: 0.74, film: 0.1, gaussian: 0.08, none: 0.08 },
  camera: anyCamera,
  gaussianSigma: [0.5, 55],
  afterwards: anyAfterwards,
  eightBits: 0.85,
};

/** Noise of cameras alone, as they are. */
export const cameraNoise: NoiseSettings = {
  ...anyNoise,
  sources: { camera: 1, film: 0, gaussian: 0, none: 0 },
};

/** Film grain of scanned pictures alone. */
export const filmGrain: NoiseSettings = {
  ...anyNoise,
  sources: { camera: 0, film: 1, gaussian: 0, none: 0 },
};

/**
 * Makes of a clean picture a noisy one and the clean one that belongs to it, as cameras, film, scanners and people do;
 * everything is drawn from `random`: the same state gives the same pictures.
 *
 * @param planes red, green and blue in [0, 1], both sides even
 * @param least the side that the result has at least, in pixels, where it is made smaller; default: that of the picture
 * @returns two pictures of one size, in [0, 1]; what is done afterwards may have changed the size
 *
 * @example
 * const { clean, noisy } = await noisyPair(picture, createRandom(7));
 */
export async function noisyPair(
  planes: Planes,
  random: Random,
  {
    settings = anyNoise,
    least = Math.min(planes.width, planes.height),
  }: { readonly settings?: NoiseSettings; readonly least?: number } = {},
): Promise<Shot> {
  const shot = taken(planes, random, settings);
  const { clean, noisy } = await afterwards(shot, random, least, settings.afterwards);
  const eightBits = random.uniform() < settings.eightBits;
  if (eightBits) roundTo(255, noisy.data);
  return { clean, noisy };
}

function taken(planes: Planes, random: Random, settings: NoiseSettings): Shot {
  switch (keyByWeight(random, settings.sources)) {
    case 'camera':
      return photograph(planes, drawCamera(random, settings.camera), random);
    case 'film':
      return { clean: planes, noisy: addFilmGrain(planes, drawFilm(random), random) };
    case 'gaussian': {
      const [least, most] = settings.gaussianSigma;
      const sigma = Math.exp(between(random, [Math.log(least), Math.log(most)])) / 255;
      const data = fillNormals(new Float32Array(planes.data.length), random);
      for (let i = 0; i < data.length; i++) data[i] = (planes.data[i] ?? 0) + sigma * (data[i] ?? 0);
      clamp(data);
      return { clean: planes, noisy: { ...planes, data } };
    }
    case 'none':
      return { clean: planes, noisy: { ...planes, data: Float32Array.from(planes.data) } };
  }
}
