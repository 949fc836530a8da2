import { anyNoise, calibrateNoise, crop, type NoiseProcess, type NoiseSettings } from '../../noise/index.js';
import { type Picture, type Planes, resize } from '../../pixels/index.js';
import type { Random } from '../../random.js';
import { present } from '../../present.js';
import type { NoisySquares } from './noisy-squares.js';
import { picturePace, type Progress } from '../../apply/anywhere.js';

/** How squares are denoised. */
export interface SquareDenoiser {
  /** By the network alone. */
  bare(noisy: Planes): Promise<Planes>;
  /** With all that is done to make a picture safe, at full strength. */
  guarded(noisy: Planes): Promise<Planes>;
}

/** Squares of a picture, what a denoiser makes of them, and the processes that make such a noise. */
export interface CalibratedSquares {
  readonly noisy: NoisySquares;
  readonly estimates: readonly Planes[];
  readonly processes: readonly NoiseProcess[];
}

/** Options of {@link calibrateSquares}. */
export interface CalibrateSquaresOptions {
  /** The processes of each picture, where they were found out before. */
  readonly known?: readonly (readonly NoiseProcess[])[];
  readonly onProgress?: (progress: Progress) => void;
  /** Told how much is done, 0 to 1. */
  readonly onCalibration?: (done: number) => void;
  readonly signal?: AbortSignal;
}

/** The side of the part whose noise is imitated. */
const LOOKED_AT = 128;

/** Draws in each round: for one picture, and for each of several. */
const DRAWS = { one: 48, several: 28 } as const;

/** Denoises squares of pictures, and finds out for each picture what makes noise like its own; see `calibrateNoise`. */
export async function calibrateSquares(
  pictures: readonly NoisySquares[],
  denoiser: SquareDenoiser,
  random: Random,
  { onProgress, onCalibration, signal, known }: CalibrateSquaresOptions = {},
): Promise<readonly CalibratedSquares[]> {
  const pace = picturePace(pictures.length);
  const draws = pictures.length === 1 ? DRAWS.one : DRAWS.several;
  const result: CalibratedSquares[] = [];
  for (const noisy of pictures) {
    const estimates: Planes[] = [];
    for (const square of noisy) {
      signal?.throwIfAborted();
      estimates.push(await denoiser.guarded(square));
    }
    const [first, estimate] = [noisy[0], estimates[0]];
    if (first === undefined || estimate === undefined) continue;
    const before = known?.[result.length];
    const processes =
      before ??
      (
        await calibrateNoise(
          middleOf(first),
          middleOf(estimate),
          (picture) => denoiser.bare(picture),
          random,
          {
            draws,
            onProgress: (done) => onCalibration?.((result.length + done) / pictures.length),
            ...present({ signal }),
          },
        )
      ).processes;
    result.push({ noisy, estimates, processes });
    onProgress?.({ kind: 'measuring', picture: 'the noise', ...pace() });
  }
  return result;
}

function middleOf(planes: Planes): Planes {
  const [width, height] = [Math.min(LOOKED_AT, planes.width), Math.min(LOOKED_AT, planes.height)];
  const [left, top] = [(planes.width - width) >> 1, (planes.height - height) >> 1];
  return crop(planes, { left, top, width, height });
}

/** Estimates are learnt from at these sizes, too: made smaller, they are cleaner and sharper than they are. */
const SIZES = [1, 2 / 3, 1 / 2] as const;

/** What is learnt from: estimates as clean pictures, and their own noise. */
export interface OwnNoise {
  readonly pictures: readonly Picture[];
  readonly noise: NoiseSettings;
}

/**
 * Makes clean pictures and their noise of calibrated squares.
 *
 * @param patch the side that pictures have at least; the others are left out
 */
export function ownNoise(squares: readonly CalibratedSquares[], patch: number): OwnNoise {
  const large = ({ width, height }: Planes): boolean => Math.min(width, height) >= patch;
  const estimates = squares.flatMap((of) => of.estimates);
  const sizes = estimates.flatMap((planes) => SIZES.map((factor) => madeSmaller(planes, factor)));
  return {
    pictures: sizes.filter(large).map(pictureOfPlanes),
    noise: { ...anyNoise, processes: squares.flatMap((of) => of.processes) },
  };
}

function madeSmaller(planes: Planes, factor: number): Planes {
  const side = (pixels: number): number => Math.round(factor * pixels);
  return factor === 1
    ? planes
    : resize(planes, { width: side(planes.width), height: side(planes.height) }, 'area');
}

/** Three planes as a picture. */
export function pictureOfPlanes({ width, height, data }: Planes): Picture {
  return { width, height, channels: 3, data, bitDepth: 16, format: 'png', metadata: {} };
}
