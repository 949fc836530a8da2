import type { Random } from '../random.js';
import { anyAfterwards } from './afterwards.js';
import { anyCamera, type Shot } from './camera.js';
import type { Range } from './draws.js';
import { anyFilm } from './film-grain.js';
import { applyNoise, drawNoiseProcess, type NoiseSettings } from './noise-process.js';
import { type Planes, lumaOfColour } from '../pixels/index.js';
import { roundTo } from './planes.js';

/** What a denoiser for any picture learns from. */
export const anyNoise: NoiseSettings = {
  sources: { camera: 0.74, film: 0.1, gaussian: 0.08, none: 0.08 },
  camera: anyCamera,
  film: anyFilm,
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
 * @param planes red, green and blue in [0, 1]
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
  return applyNoise(planes, drawNoiseProcess(random, settings), random, least);
}

/**
 * Makes a picture noisy and keeps its size: what {@link noisyPair} does, without resizing.
 *
 * @param planes 1 or 3 channels, in [0, 1]; a grey picture stays grey
 * @returns planes of the same size, multiples of 1/255
 *
 * @example
 * const noisy = await addNoise(picture, createRandom(7), cameraNoise);
 */
export async function addNoise(
  planes: Planes,
  random: Random,
  settings: NoiseSettings = anyNoise,
): Promise<Planes> {
  const { width, height, channels, data } = planes;
  const area = width * height;
  const colour =
    channels === 3 ? data : Float32Array.from({ length: 3 * area }, (_, i) => data[i % area] ?? 0);
  const sameSize = { ...settings.afterwards, smaller: 0, larger: 0 };
  const whole = { ...settings, afterwards: sameSize, eightBits: 1 };
  const { noisy } = await noisyPair({ channels: 3, width, height, data: colour }, random, {
    settings: whole,
  });
  if (channels === 3) return noisy;
  const grey = new Float32Array(area);
  for (let p = 0; p < area; p++)
    grey[p] = lumaOfColour(noisy.data[p] ?? 0, noisy.data[area + p] ?? 0, noisy.data[2 * area + p] ?? 0);
  roundTo(255, grey);
  return { channels, width, height, data: grey };
}

/**
 * The same noise, but so much of it: from 0, the least that the settings draw, to 100, the most.
 *
 * @throws RangeError for an amount outside of that
 */
export function withAmount(settings: NoiseSettings, amount: number): NoiseSettings {
  if (!(amount >= 0 && amount <= 100))
    throw new RangeError(`the amount of noise must be from 0 to 100, not ${amount}`);
  const at = ([least, most]: Range): Range => {
    const value = least * (most / least) ** (amount / 100);
    return [value, value];
  };
  return {
    ...settings,
    camera: { ...settings.camera, shot: at(settings.camera.shot) },
    film: { ...settings.film, strength: at(settings.film.strength) },
    gaussianSigma: at(settings.gaussianSigma),
  };
}
