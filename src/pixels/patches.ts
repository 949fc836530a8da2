import type { Random } from '../random.js';
import type { Picture } from './picture.js';
import type { Raster } from './raster.js';
import { reflectIndex } from './edges.js';

/** Options of {@link randomPatch}. */
export interface PatchOptions {
  /** Whether the patch is flipped and turned at random; default true. */
  readonly augment?: boolean;
}

/**
 * Cuts a square from a random place of a picture and, each with probability ½, flips it left to right, flips it
 * top to bottom and turns it by 90°. A picture smaller than the square is continued by reflection.
 *
 * Five numbers are drawn from `random`, whatever comes out.
 *
 * @returns `[3, size, size]` in [0, 1]; grey is repeated in the three channels
 *
 * @example
 * const patch = randomPatch(picture, 160, createRandom(seed, step));
 */
export function randomPatch(
  picture: Picture,
  size: number,
  random: Pick<Random, 'uniform'>,
  options: PatchOptions = {},
): Float32Array {
  const patch = new Float32Array(3 * size * size);
  cutPatch(rasterOf(picture), size, random, options.augment ?? true, patch, 0);
  return patch;
}

/** The pixels of a picture where they are. */
export function rasterOf({
  width,
  height,
  channels,
  data,
}: Pick<Picture, 'width' | 'height' | 'data'> & { readonly channels: number }): Raster {
  return { width, height, channels, samples: data, pixelStep: 1, channelStep: width * height, white: 1 };
}

/** Writes the patch of {@link randomPatch}, or one of more channels, to `target` from `offset` on. */
export function cutPatch(
  raster: Raster,
  size: number,
  random: Pick<Random, 'uniform'>,
  augment: boolean,
  target: Float32Array,
  offset: number,
): void {
  const left = Math.floor(random.uniform() * (Math.max(0, raster.width - size) + 1));
  const top = Math.floor(random.uniform() * (Math.max(0, raster.height - size) + 1));
  cutSquare(raster, { left, top, size, ...drawPosture(random, augment) }, target, offset);
}

/** Which of the eight ways a square lies: flipped left to right, flipped top to bottom, then turned by 90°. */
export interface Posture {
  readonly flipAcross: boolean;
  readonly flipDown: boolean;
  readonly turn: boolean;
}

/** Draws a posture, each part with probability ½; three numbers are drawn, whatever comes out. */
export function drawPosture(random: Pick<Random, 'uniform'>, augment: boolean): Posture {
  const flipAcross = random.uniform() < 0.5 && augment;
  const flipDown = random.uniform() < 0.5 && augment;
  const turn = random.uniform() < 0.5 && augment;
  return { flipAcross, flipDown, turn };
}

/** A square part of a picture; it may reach beyond the picture. */
export interface Square extends Posture {
  readonly left: number;
  readonly top: number;
  readonly size: number;
}

/**
 * Writes a square as `[max(3, channels), size, size]` in [0, 1]; grey is repeated in the three channels.
 *
 * @param inside where a position beyond the picture, of so many pixels, finds its sample; default: by reflection
 */
export function cutSquare(
  { width, height, channels, samples, pixelStep, channelStep, white }: Raster,
  { left, top, size, flipAcross, flipDown, turn }: Square,
  target: Float32Array,
  offset: number,
  inside: (position: number, length: number) => number = reflectIndex,
): void {
  // The source offsets of the square's columns and rows; flips and mirrors only reorder these.
  const columns = lineOffsets(left, size, flipAcross, pixelStep, (x) => inside(x, width));
  const rows = lineOffsets(top, size, flipDown, pixelStep * width, (y) => inside(y, height));
  // Turned counterclockwise, output row i is column size − 1 − i of the square, and output column j its row j.
  const outer = turn ? columns.reverse() : rows;
  const inner = turn ? rows : columns;

  const area = size * size;
  let to = offset;
  for (let channel = 0; channel < channels; channel++) {
    const plane = channel * channelStep;
    for (let i = 0; i < size; i++) {
      const line = plane + (outer[i] ?? 0);
      for (let j = 0; j < size; j++) target[to++] = (samples[line + (inner[j] ?? 0)] ?? 0) / white;
    }
  }
  // Grey is repeated.
  for (let channel = channels; channel < 3; channel++) {
    target.copyWithin(offset + channel * area, offset, offset + area);
  }
}

function lineOffsets(
  start: number,
  count: number,
  flip: boolean,
  step: number,
  inside: (position: number) => number,
): Float64Array {
  const offsets = new Float64Array(count); // offsets may pass 2³¹
  for (let i = 0; i < count; i++) offsets[i] = step * inside(start + (flip ? count - 1 - i : i));
  return offsets;
}
