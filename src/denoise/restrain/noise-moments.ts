import { type PictureValues, type PlanesSize, rowOf } from '../../pixels/index.js';
import { cellsOf, expandRow, pixelsAlong, smoothCells } from './cells.js';
import type { NoiseVariance } from './detail-weights.js';
import { NEAR } from './residual-cells.js';

/** The side of the cells that are told to hold noise alone or not. */
const SIDE = 8;
const AROUND: readonly number[] = [1, 2, 1];

/** Brightness classes in which noise is looked at. */
const CLASSES = 16;

/** Cells with so many times the variance of the noise hold more than noise. */
const NOISE_ALONE = 3;

/** Where more than this of a cell's samples is black or white, the noise is skewed by that. */
const CLIPPED = 0.04;

/** Of large pictures so many squares are looked at, in rows and columns, of this side. */
const SQUARES = 4;
const SQUARE = 256;

/** Sums over the samples of a class of brightness. */
export interface Moments {
  readonly count: number;
  readonly level: number;
  readonly squares: number;
  readonly cubes: number;
}

/** {@link Moments} of all classes while they are summed. */
class ClassSums {
  readonly #sums = new Float64Array(4 * CLASSES);

  add(number: number, level: number, value: number): void {
    const sums = this.#sums;
    const at = 4 * number;
    sums[at] = (sums[at] ?? 0) + 1;
    sums[at + 1] = (sums[at + 1] ?? 0) + level;
    sums[at + 2] = (sums[at + 2] ?? 0) + value * value;
    sums[at + 3] = (sums[at + 3] ?? 0) + value * value * value;
  }

  get classes(): readonly Moments[] {
    return Array.from({ length: CLASSES }, (_, number) => {
      const [count = 0, level = 0, squares = 0, cubes = 0] = this.#sums.subarray(4 * number, 4 * number + 4);
      return { count, level, squares, cubes };
    });
  }
}

/** What is known of the noise of a channel: all of it, and where nothing is cut off. */
export interface NoiseMoments {
  readonly all: readonly Moments[];
  readonly whole: readonly Moments[];
}

/** What a channel's residual tells, cell by cell. */
interface Cells {
  readonly residual: Float32Array;
  readonly level: Float32Array;
  /** 0 where there is more than noise, 1 where some of it is cut off, 2 where it is whole. */
  readonly noise: Uint8Array;
}

/** A part of a channel: noisy and denoised, `[height, width]`. */
interface Part {
  readonly noisy: Float32Array;
  readonly denoised: Float32Array;
  readonly width: number;
  readonly height: number;
}

function cellsOfPart({ noisy, denoised, width, height }: Part, variance: NoiseVariance): Cells {
  const grid = cellsOf({ width, height }, SIDE);
  const { columns, rows } = grid;
  const map = (): Float32Array => new Float32Array(columns * rows);
  const [residual, level, squares, clipped] = [map(), map(), map(), map()];
  for (let y = 0; y < height; y++) {
    const line = Math.floor(y / SIDE) * columns;
    for (let x = 0; x < width; x++) {
      const at = line + Math.floor(x / SIDE);
      const [before = 0, after = 0] = [noisy[y * width + x], denoised[y * width + x]];
      residual[at] = (residual[at] ?? 0) + before - after;
      squares[at] = (squares[at] ?? 0) + (before - after) ** 2;
      level[at] = (level[at] ?? 0) + after;
      if (before < NEAR || before > 1 - NEAR) clipped[at] = (clipped[at] ?? 0) + 1;
    }
  }
  const [across, down] = [pixelsAlong(columns, SIDE, width), pixelsAlong(rows, SIDE, height)];
  const noise = new Uint8Array(columns * rows);
  for (let at = 0; at < noise.length; at++) {
    const pixels = (across[at % columns] ?? 1) * (down[Math.floor(at / columns)] ?? 1);
    for (const sums of [residual, squares, level, clipped]) sums[at] = (sums[at] ?? 0) / pixels;
    const most = NOISE_ALONE * variance(level[at] ?? 0);
    if ((squares[at] ?? 0) > most) continue;
    // Near white noise is skewed by what is cut off, long before much of it is.
    const bright = (level[at] ?? 0) + 2.5 * Math.sqrt(squares[at] ?? 0);
    noise[at] = (clipped[at] ?? 0) <= CLIPPED && bright < 1 ? 2 : 1;
  }
  smoothCells(residual, grid, AROUND);
  return { residual, level, noise };
}

/** Parts of all channels: the whole of them, or of a large picture squares that are spread over it. */
function* partsOf(
  noisy: PictureValues,
  denoised: Float32Array,
  { channels, width, height }: PlanesSize,
): Generator<readonly Part[]> {
  const whole = width * height <= 2 * (SQUARES * SQUARE) ** 2;
  const side = (pixels: number): number => (whole ? pixels : Math.min(pixels, SQUARE));
  const count = (pixels: number): number =>
    whole ? 1 : Math.max(1, Math.min(SQUARES, Math.floor(pixels / SQUARE)));
  const size = { width: side(width), height: side(height) };
  const [columns, rows] = [count(width), count(height)];
  const read = new Float32Array(size.width);
  for (let square = 0; square < columns * rows; square++) {
    const left = Math.floor(((width - size.width) * ((square % columns) + 0.5)) / columns);
    const top = Math.floor(((height - size.height) * (Math.floor(square / columns) + 0.5)) / rows);
    yield Array.from({ length: channels }, (_, channel) => {
      const cut = (data: PictureValues): Float32Array => {
        const part = new Float32Array(size.width * size.height);
        for (let y = 0; y < size.height; y++)
          part.set(
            rowOf(data, { width, height }, channel, top + y, read, { x: left, length: size.width }),
            y * size.width,
          );
        return part;
      };
      return { ...size, noisy: cut(noisy), denoised: cut(denoised) };
    });
  }
}

/** Adds up the noise of a part where all channels have noise alone, so that they are told of by the same places. */
function addPart(
  { noisy, denoised, width, height }: Part,
  { residual, level, noise }: Cells,
  alone: Uint8Array,
  { all, whole }: { readonly all: ClassSums; readonly whole: ClassSums },
): void {
  const grid = cellsOf({ width, height }, SIDE);
  const mean = new Float32Array(width);
  for (let y = 0; y < height; y++) {
    const line = Math.floor(y / SIDE) * grid.columns;
    expandRow(residual, grid, y, mean);
    for (let x = 0; x < width; x++) {
      const cell = line + Math.floor(x / SIDE);
      if (alone[cell] === 0) continue;
      const bright = level[cell] ?? 0;
      const number = Math.min(CLASSES - 1, Math.max(0, Math.floor(bright * CLASSES)));
      const at = y * width + x;
      const away = (noisy[at] ?? 0) - (denoised[at] ?? 0) - (mean[x] ?? 0);
      all.add(number, bright, away);
      if (noise[cell] === 2) whole.add(number, bright, away);
    }
  }
}

/**
 * The moments of what a network took away where it took noise alone, without its mean around each place, in classes of
 * brightness.
 *
 * @param noisy `[channels, height, width]`, `[0, 1]`
 * @param denoised of the same size
 * @param variances of the noise, for each channel
 */
export function noiseMoments(
  noisy: PictureValues,
  denoised: Float32Array,
  planes: PlanesSize,
  variances: readonly NoiseVariance[],
): readonly NoiseMoments[] {
  const sums = variances.map(() => ({ all: new ClassSums(), whole: new ClassSums() }));
  for (const channels of partsOf(noisy, denoised, planes)) {
    const cells = channels.map((part, channel) => cellsOfPart(part, variances[channel] ?? (() => 0)));
    const alone = new Uint8Array(cells[0]?.noise.length ?? 0).map((_, at) =>
      Math.min(...cells.map(({ noise }) => noise[at] ?? 0)),
    );
    for (const [channel, part] of channels.entries()) {
      const [found, sum] = [cells[channel], sums[channel]];
      if (found !== undefined && sum !== undefined) addPart(part, found, alone, sum);
    }
  }
  return sums.map(({ all, whole }) => ({ all: all.classes, whole: whole.classes }));
}
