import type { Random } from '../random.js';
import { between, happens, type Range } from './draws.js';
import { gaussianBlur, type Planes } from '../pixels/index.js';
import { fillNormals } from './random-normals.js';

/** Film and scanner as they were for one picture. */
export interface Film {
  /** Standard deviation of the grain where it is strongest, in [0, 1] of the file's range. */
  readonly strength: number;
  /** Standard deviation of a grain's blur, in pixels of the scan. */
  readonly size: number;
  /** How independent the grain of the three layers is: 0 for black-and-white film, 1 for three layers of their own. */
  readonly colour: number;
  /** Standard deviation of the scanner's own noise, white, in [0, 1]. */
  readonly scanner: number;
}

/** What films are drawn from: see {@link Film}; the strength evenly in its logarithm. */
export interface FilmSettings {
  readonly strength: Range;
  readonly size: Range;
}

/** From fine to coarse. */
export const anyFilm: FilmSettings = { strength: [0.01, 0.14], size: [0.3, 1.8] };

/** Draws a film. */
export function drawFilm(random: Random, { strength: [least, most], size }: FilmSettings = anyFilm): Film {
  return {
    strength: Math.exp(between(random, [Math.log(least), Math.log(most)])),
    size: between(random, size),
    colour: happens(random, 0.5) ? 0 : random.uniform(),
    scanner: happens(random, 0.5) ? between(random, [0.002, 0.02]) : 0,
  };
}

/**
 * Adds film grain: noise that is blurred to grains of several pixels and follows the density, strongest in the middle tones and
 * weak near clear film and full black (Selwyn's law of granularity against density, in the shape √(4·v·(1 − v)), this
 * program's own choice); and white noise of a scanner.
 *
 * @param planes red, green, blue in [0, 1]
 * @returns planes of the same size, in [0, 1]
 */
export function addFilmGrain(
  planes: Planes,
  { strength, size, colour, scanner }: Film,
  random: Random,
): Planes {
  const { width, height, channels } = planes;
  const area = width * height;
  const shared = grain(width, height, size, random);
  const own = colour === 0 ? undefined : grain(width, height * channels, size, random);
  const white = scanner === 0 ? undefined : fillNormals(new Float32Array(planes.data.length), random);
  const data = new Float32Array(planes.data.length);
  const [together, apart] = [Math.sqrt(1 - colour), Math.sqrt(colour)];
  for (let i = 0, p = 0; i < data.length; i++, p++) {
    if (p === area) p = 0;
    const value = planes.data[i] ?? 0;
    const grainHere = together * (shared[p] ?? 0) + apart * (own?.[i] ?? 0);
    const deviation = strength * (0.25 + 0.75 * Math.sqrt(Math.max(0, 4 * value * (1 - value))));
    data[i] = Math.min(1, Math.max(0, value + deviation * grainHere + scanner * (white?.[i] ?? 0)));
  }
  return { ...planes, data };
}

/** Blurred normal numbers of variance 1. */
function grain(width: number, height: number, size: number, random: Random): Float32Array {
  const noise = fillNormals(new Float32Array(width * height), random);
  const window = 2 * Math.ceil(2.5 * size) + 1;
  const soft = gaussianBlur({ channels: 1, width, height, data: noise }, window, size);
  let squares = 0;
  for (const value of soft) squares += value * value;
  const scale = 1 / Math.sqrt(squares / soft.length);
  for (let i = 0; i < soft.length; i++) soft[i] = (soft[i] ?? 0) * scale;
  return soft;
}
