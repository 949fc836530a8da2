import type { Picture } from './picture.js';
import type { Random } from '../random.js';
import type { Raster } from './raster.js';
import { reflectIndex } from './reflect.js';

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
export function rasterOf({ width, height, channels, data }: Picture): Raster {
  return { width, height, channels, samples: data, pixelStep: 1, channelStep: width * height, white: 1 };
}

/** Writes the patch of {@link randomPatch}, or one of more channels, to `target` from `offset` on. */
export function cutPatch(
  { width, height, channels, samples, pixelStep, channelStep, white }: Raster,
  size: number,
  random: Pick<Random, 'uniform'>,
  augment: boolean,
  target: Float32Array,
  offset: number,
): void {
  const left = Math.floor(random.uniform() * (Math.max(0, width - size) + 1));
  const top = Math.floor(random.uniform() * (Math.max(0, height - size) + 1));
  const flipAcross = random.uniform() < 0.5 && augment;
  const flipDown = random.uniform() < 0.5 && augment;
  const turn = random.uniform() < 0.5 && augment;

  // The source offsets of the patch's columns and rows; flips and reflection only reorder these.
  const columns = lineOffsets(left, size, width, flipAcross, pixelStep);
  const rows = lineOffsets(top, size, height, flipDown, pixelStep * width);
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

function lineOffsets(start: number, count: number, size: number, flip: boolean, step: number): Float64Array {
  const offsets = new Float64Array(count); // offsets may pass 2³¹
  for (let i = 0; i < count; i++) {
    offsets[i] = step * reflectIndex(start + (flip ? count - 1 - i : i), size);
  }
  return offsets;
}
