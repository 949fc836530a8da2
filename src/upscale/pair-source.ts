import { type BatchNumbers, batchesAside, type BatchSource } from '#platform/batches';
import { RevelaError } from '../errors.js';
import {
  type BatchOptions,
  checkWhole,
  noPictures,
  pictureSize,
  type SettledBatchOptions,
  settleBatchOptions,
} from '../images/anywhere.js';
import type { Picture } from '../pixels/index.js';
import { anyNoise, type NoiseSettings } from '../noise/index.js';
import { dealtBatches, type PairBatch } from './pair-batches.js';
import { type PairKind, pairKinds } from './pair-squares.js';
import { placedSquares, type PlacedRequest } from './placed-squares.js';
import { mostPatchesPerSquare } from './presets.js';
import { type RealWorldSettings, realEsrgan } from './real-world.js';

/** Options of {@link createPairSource}. */
export interface PairSourceOptions extends BatchOptions {
  /** Files of large pictures to cut patches from. */
  readonly files?: readonly string[];
  /** Pictures in memory, drawn alike; they are copied once for each thread. */
  readonly pictures?: readonly Picture[];
  readonly kind: PairKind;
  /** How many times smaller the small patches are; a whole number of at least 2, and 1 for noise. */
  readonly scale: number;
  /** The side of the large patches, in pixels; a multiple of the scale. */
  readonly patch: number;
  /**
   * Whether sharpened large patches come with the batches. For the real-world kind it is then these that are
   * degraded, as in Real-ESRGAN's training; its default is true, that of the bicubic kind false.
   */
  readonly sharpen?: boolean;
  /** Whether the small patches also come as they were before noise and JPEG, where the kind tells; default false. */
  readonly clean?: boolean;
  /**
   * How many patches the kinds real-world and noise cut from each square that they have degraded, 1 to 16; default 1. They share a
   * degradation, and go to different batches, that number of steps apart. Until then they are kept: about half of
   * batch × that number² patches.
   */
  readonly patchesPerSquare?: number;
  /**
   * The side of the square that these kinds degrade before they cut the patches, a multiple of the scale; default: the
   * patch and 144 pixels (Real-ESRGAN degrades 400 pixels for a patch of 256), 48 for noise, or as much as has the area
   * of all the patches, if that is more. Smaller pictures give smaller squares.
   */
  readonly crop?: number;
  /** What the real-world kind draws from; default: Real-ESRGAN's constants. */
  readonly settings?: RealWorldSettings;
  /** What the kind noise draws from; default: any. */
  readonly noise?: NoiseSettings;
  /** Threads that share the work; default 1. The batches do not depend on it. */
  readonly threads?: number;
}

/** Batches of pairs in the order of their steps. */
export interface PairSource extends BatchSource<PairBatch> {
  /** How many pictures the patches are cut from. */
  readonly pictures: number;
  /** How many pictures were left out because they are smaller than a patch. */
  readonly skipped: number;
}

/** So many pixels a side are degraded more than are kept: Real-ESRGAN's for its kind; noise has short filters. */
const surplus: Readonly<Record<PairKind, number>> = {
  bicubic: 0,
  'real-world': 144,
  photo: 64,
  mixed: 144,
  noise: 48,
};

/**
 * Random patches of large pictures with what they look like small, for training: decoded, cut, flipped, turned and
 * degraded by threads of their own, a few batches ahead, so that a training step does not wait.
 *
 * A pixel is as likely as any other to lie in a patch, whichever picture it is in. Pair `i` of batch `s` depends only
 * on the seed, on `s`, on `i` and on the pictures in their order, so that a source started at step `s` continues an
 * earlier one exactly. Pictures that are smaller than a patch are left out, and counted.
 *
 * - `bicubic`: the small patch is exactly that part of the small picture that MATLAB's bicubic makes of the whole.
 * - `real-world`: a larger square is degraded as Real-ESRGAN does it, and one or several patches are cut out of that.
 * - `photo`: likewise, by `smallPhoto`.
 * - `mixed`: a third of each batch like photo without noise and JPEG, a third like photo, the rest real-world.
 * - `noise`: a larger square is photographed with noise and without (`noisyPair`), and one or several patches are cut out
 *   of both; `low` is the noisy one, of the same size.
 *
 * @throws RevelaError if a file cannot be read, no picture is large enough, or an option is out of range
 *
 * @example
 * const source = await createPairSource({ files, kind: 'bicubic', scale: 4, patch: 128, batch: 8, seed: 0 });
 * const { step, high, low } = await source.next();
 * await source.close();
 */
export async function createPairSource(options: PairSourceOptions): Promise<PairSource> {
  const { startStep, ahead, maxBytes, ...settled } = checkedOptions(options);
  const { scale, patch, threads = 1, patchesPerSquare = 1, signal } = options;
  const { files, pictures, skipped } = await largeEnough(options);
  signal?.throwIfAborted();
  const order = { batch: settled.batch, patchesPerSquare };
  // As many squares as the batches made ahead need, and at least one for each thread.
  const squaresAhead = Math.ceil((ahead * order.batch) / patchesPerSquare / threads);
  const request: Omit<PlacedRequest & BatchNumbers, 'startStep'> = {
    files,
    pictures,
    rasters: [],
    kind: options.kind,
    scale,
    ...settled,
    ...order,
    sharpen: options.sharpen ?? options.kind === 'real-world',
    clean: options.clean ?? false,
    crop: options.crop ?? squareSide(patch, scale, patchesPerSquare, surplus[options.kind]),
    settings: options.settings ?? realEsrgan,
    noise: options.noise ?? anyNoise,
    maxBytes: maxBytes / threads,
    firstStep: startStep,
    stride: threads,
    ahead: squaresAhead,
  };
  const requests = Array.from({ length: threads }, (_, i) => ({ ...request, startStep: i }));
  const module = new URL('./placed-squares.js', import.meta.url);
  const squares = batchesAside(module, placedSquares, requests, 0, signal);
  const source = dealtBatches(squares, order, startStep, signal);
  return { ...source, pictures: files.length + pictures.length, skipped };
}

/** The side of a square, a multiple of the scale, with a surplus around a patch or room for several of them. */
function squareSide(patch: number, scale: number, patches: number, more: number): number {
  return scale * Math.ceil(Math.max(patch + more, patch * Math.sqrt(patches)) / scale);
}

/**
 * The pictures that a patch can be cut of, and how many are too small.
 *
 * @throws RevelaError if there are none, or a file cannot be read
 */
export async function largeEnough({
  files = [],
  pictures = [],
  patch,
  signal,
}: Pick<PairSourceOptions, 'files' | 'pictures' | 'patch' | 'signal'>): Promise<{
  files: readonly string[];
  pictures: readonly Picture[];
  skipped: number;
}> {
  const given = files.length + pictures.length;
  if (given === 0) throw noPictures();
  const holdsPatch = ({ width, height }: { readonly width: number; readonly height: number }): boolean =>
    Math.min(width, height) >= patch;
  const large: string[] = [];
  for (const file of files) {
    signal?.throwIfAborted();
    if (holdsPatch(await pictureSize(file))) large.push(file);
  }
  const inMemory = pictures.filter(holdsPatch);
  const used = large.length + inMemory.length;
  if (used === 0)
    throw new RevelaError(
      `${given === 1 ? 'the picture is' : `all ${given} pictures are`} smaller than a patch of ${patch}×${patch} pixels; give larger pictures, or a smaller \`patch\``,
    );
  return { files: large, pictures: inMemory, skipped: given - used };
}

function checkedOptions(options: PairSourceOptions): SettledBatchOptions {
  const { kind, scale, patch, threads = 1, patchesPerSquare = 1, crop } = options;
  if (!pairKinds.includes(kind))
    throw new RevelaError(`the kind of degradation must be one of ${pairKinds.join(', ')}, not ${kind}`);
  checkWhole('the scale', scale, kind === 'noise' ? 1 : 2);
  if (kind === 'noise' && scale !== 1)
    throw new RevelaError(`noise keeps the size of a picture: the scale must be 1, not ${scale}`);
  const settled = settleBatchOptions(options, scale);
  checkWhole('the number of threads', threads, 1);
  checkWhole('the number of patches a square', patchesPerSquare, 1);
  const most = kind === 'bicubic' ? 1 : mostPatchesPerSquare;
  if (patchesPerSquare > most)
    throw new RevelaError(
      `the number of patches a square must be at most ${most} for the ${kind} kind, not ${patchesPerSquare}`,
    );
  if (patch % scale !== 0)
    throw new RevelaError(`the patch size must be a multiple of the scale ${scale}, not ${patch}`);
  if (crop !== undefined && !(Number.isSafeInteger(crop) && crop >= patch && crop % scale === 0))
    throw new RevelaError(
      `the square to degrade must be a multiple of the scale ${scale} and at least the patch of ${patch} pixels, not ${crop}`,
    );
  return settled;
}
