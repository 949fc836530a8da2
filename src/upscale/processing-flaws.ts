import {
  addFilmGrain,
  addNoise,
  cameraNoise,
  compressJpeg,
  drawFilm,
  type NoiseSettings,
  withAmount,
} from '../noise/index.js';
import { between, clamp, happens } from '../noise/index.js';
import { gaussianBlur, type Planes } from '../pixels/index.js';
import type { Random } from '../random.js';
import { shrinkDetail } from './shrink-detail.js';

/** Unsharp masking beyond what is good: halos along edges. */
export function oversharpened(planes: Planes, sigma: number, amount: number): Planes {
  const soft = gaussianBlur(planes, 2 * Math.ceil(2.5 * sigma) + 1, sigma);
  const data = planes.data.map((value, i) => value + amount * (value - (soft[i] ?? 0)));
  clamp(data);
  return { ...planes, data };
}

/** Rounds each channel to few steps between black and white: bands where brightness changes slowly. */
export function banded(planes: Planes, among: number): Planes {
  const steps = Math.round(among);
  return { ...planes, data: planes.data.map((value) => Math.round(value * steps) / steps) };
}

/** Cameras' noise alone, or as a camera's own denoising left it: sharpening and JPEG are flaws of their own. */
const noiseAlone: NoiseSettings = {
  ...cameraNoise,
  afterwards: { denoised: 0.4, sharpened: 0, smaller: 0, larger: 0, jpeg: 0, secondJpeg: 0 },
};

/** The noise of a camera, from hardly visible to that of a dark night. */
export function cameraNoisy(planes: Planes, strength: number, random: Random): Promise<Planes> {
  return addNoise(planes, random, withAmount(noiseAlone, 20 + 75 * strength));
}

/** The grain of a film. */
export function filmGrained(planes: Planes, strength: number, random: Random): Planes {
  const film = drawFilm(random);
  return addFilmGrain(planes, { ...film, strength: 0.01 * 14 ** strength }, random);
}

/** The noise of a camera and what a bad denoising makes of it: coarse noise left, or texture smoothed with the noise. */
export async function wronglyDenoised(planes: Planes, strength: number, random: Random): Promise<Planes> {
  const how = { bands: 1 + random.integer(3), strength: between(random, [0.7, 5]) };
  const noisy = await cameraNoisy(planes, 0.1 + 0.9 * strength, random);
  const noise = { ...planes, data: noisy.data.map((value, i) => value - (planes.data[i] ?? 0)) };
  return shrinkDetail(noisy, { ...how, noise });
}

/** JPEG from quality 85 to 6; at times it was one before, of a quality as good or better. */
export async function compressed(planes: Planes, strength: number, random: Random): Promise<Planes> {
  const quality = 85 - 79 * strength ** 0.6;
  const twice = happens(random, 0.3);
  const first = between(random, [0, 1]);
  const once = twice ? await compressJpeg(planes, quality + (95 - quality) * first) : planes;
  return compressJpeg(once, quality);
}
