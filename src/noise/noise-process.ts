import type { Random } from '../random.js';
import { type Afterwards, type AfterwardsSettings, doAfterwards, drawAfterwards } from './afterwards.js';
import { type Camera, type CameraSettings, drawCamera, nearCamera, photograph, type Shot } from './camera.js';
import { between, happens, keyByWeight, oneOf, type Range } from './draws.js';
import { addFilmGrain, drawFilm, type Film, type FilmSettings } from './film-grain.js';
import { clamp, roundTo } from './planes.js';
import type { Planes } from '../pixels/index.js';
import { fillNormals } from './random-normals.js';

/** Where noise comes from. */
export type NoiseSource = 'camera' | 'film' | 'gaussian' | 'none';

/** What noisy pictures are drawn from. */
export interface NoiseSettings {
  /** How likely each source of noise is. `none` leaves the picture clean but for what is done afterwards. */
  readonly sources: Readonly<Record<NoiseSource, number>>;
  readonly camera: CameraSettings;
  readonly film: FilmSettings;
  /** Standard deviations of Gaussian noise, in steps of 8 bits. */
  readonly gaussianSigma: Range;
  readonly afterwards: AfterwardsSettings;
  /** How likely a picture without JPEG is rounded to 8 bits. */
  readonly eightBits: number;
  /** In place of all that: processes to choose from, each as likely as the others; none is as if this were left out. */
  readonly processes?: readonly NoiseProcess[];
}

/** How one picture becomes noisy: all that is drawn for it but the noise itself. Plain data. */
export interface NoiseProcess {
  readonly origin:
    | { readonly kind: 'camera'; readonly camera: Camera }
    | { readonly kind: 'film'; readonly film: Film }
    | { readonly kind: 'gaussian'; readonly sigma: number }
    | { readonly kind: 'none' };
  readonly afterwards: Afterwards;
  /** Whether the noisy picture is rounded to 8 bits. */
  readonly eightBits: boolean;
}

/**
 * Draws how a picture becomes noisy.
 *
 * @example
 * const process = drawNoiseProcess(createRandom(7), cameraNoise);
 * const { clean, noisy } = await applyNoise(picture, process, createRandom(8));
 */
export function drawNoiseProcess(random: Random, settings: NoiseSettings): NoiseProcess {
  const [first, ...others] = settings.processes ?? [];
  if (first !== undefined) return oneOf(random, [first, ...others]);
  return {
    origin: drawOrigin(random, settings),
    afterwards: drawAfterwards(random, settings.afterwards),
    eightBits: happens(random, settings.eightBits),
  };
}

/**
 * Draws a process like a given one: its numbers are multiplied by the exponential of a normal number times the spread, and now
 * and then a part of it is drawn anew.
 *
 * @param spread how far from it, as a standard deviation of logarithms
 */
export function nearProcess(
  { origin, afterwards, eightBits }: NoiseProcess,
  random: Random,
  settings: NoiseSettings,
  spread: number,
): NoiseProcess {
  const moved = (value: number): number => value * Math.exp(spread * random.normal());
  const near = (): NoiseProcess['origin'] => {
    switch (origin.kind) {
      case 'camera':
        return { kind: 'camera', camera: nearCamera(origin.camera, random, settings.camera, spread) };
      case 'film': {
        const { strength, size, scanner } = origin.film;
        const sizes = { strength: moved(strength), size: moved(size), scanner: moved(scanner) };
        return { kind: 'film', film: { ...origin.film, ...sizes } };
      }
      case 'gaussian':
        return { kind: 'gaussian', sigma: moved(origin.sigma) };
      case 'none':
        return origin;
    }
  };
  return {
    origin: near(),
    afterwards: happens(random, 0.3) ? drawAfterwards(random, settings.afterwards) : afterwards,
    eightBits,
  };
}

/**
 * Makes of a clean picture a noisy one and the clean one that belongs to it, by a process.
 *
 * @param planes red, green and blue in [0, 1]
 * @param least the side that the result has at least, where the process makes it smaller; default: that of the picture
 */
export async function applyNoise(
  planes: Planes,
  { origin, afterwards, eightBits }: NoiseProcess,
  random: Random,
  least: number = Math.min(planes.width, planes.height),
): Promise<Shot> {
  const { clean, noisy } = await doAfterwards(taken(planes, origin, random), afterwards, least);
  if (eightBits) roundTo(255, noisy.data);
  return { clean, noisy };
}

function drawOrigin(random: Random, settings: NoiseSettings): NoiseProcess['origin'] {
  const kind = keyByWeight(random, settings.sources);
  switch (kind) {
    case 'camera':
      return { kind, camera: drawCamera(random, settings.camera) };
    case 'film':
      return { kind, film: drawFilm(random, settings.film) };
    case 'gaussian': {
      const [least, most] = settings.gaussianSigma;
      return { kind, sigma: Math.exp(between(random, [Math.log(least), Math.log(most)])) / 255 };
    }
    case 'none':
      return { kind };
  }
}

function taken(planes: Planes, origin: NoiseProcess['origin'], random: Random): Shot {
  switch (origin.kind) {
    case 'camera':
      return photograph(planes, origin.camera, random);
    case 'film':
      return { clean: planes, noisy: addFilmGrain(planes, origin.film, random) };
    case 'gaussian': {
      const data = fillNormals(new Float32Array(planes.data.length), random);
      for (let i = 0; i < data.length; i++) data[i] = (planes.data[i] ?? 0) + origin.sigma * (data[i] ?? 0);
      clamp(data);
      return { clean: planes, noisy: { ...planes, data } };
    }
    case 'none':
      return { clean: planes, noisy: { ...planes, data: new Float32Array(planes.data) } };
  }
}
