import { openShelf, type ShelfContents } from '../images/anywhere.js';
import { crop, type NoiseSettings, noisyPair } from '../noise/index.js';
import { cutSquare, drawPosture, mirror, type Planes } from '../pixels/index.js';
import { present } from '../present.js';
import { createRandom, type Random } from '../random.js';
import { degradeBicubic } from './classical.js';
import type { PairOrder } from './pair-order.js';
import { anyPhoto, cleanPhoto, smallPhoto } from './photo.js';
import { degradeRealWorld, type RealWorldSettings } from './real-world.js';
import { sharpen } from './sharpen.js';

/** The patches that are cut from a square. */
export interface PairSquare {
  /** `[patches, 3, patch, patch]`, in [0, 1]. */
  readonly high: Float32Array<ArrayBuffer>;
  /** `[patches, 3, patch / scale, patch / scale]`, multiples of 1/255 but for noise without JPEG. */
  readonly low: Float32Array<ArrayBuffer>;
  /** The large patches sharpened, for the losses that compare with those. */
  readonly sharpened?: Float32Array<ArrayBuffer>;
  /** The small patches before noise and JPEG, as far as the kind tells them apart. */
  readonly clean?: Float32Array<ArrayBuffer>;
}

/** What the small patches are like that an upscaler learns from. */
export type UpscalingKind = 'bicubic' | 'real-world' | 'photo' | 'mixed';

/** All of {@link UpscalingKind}. */
export const upscalingKinds: readonly UpscalingKind[] = ['bicubic', 'real-world', 'photo', 'mixed'];

/** What the small or noisy patches are like; `noise` is for denoisers, and keeps the size. */
export type PairKind = UpscalingKind | 'noise';

/** All of {@link PairKind}. */
export const pairKinds: readonly PairKind[] = [...upscalingKinds, 'noise'];

/** What decides the pairs of every square. */
export interface PairRequest extends ShelfContents, PairOrder {
  readonly kind: PairKind;
  readonly scale: number;
  /** The side of the large patches, a multiple of the scale; no picture is smaller. */
  readonly patch: number;
  readonly seed: number;
  readonly augment: boolean;
  readonly sharpen: boolean;
  /** Whether the small patches also come without noise and JPEG. */
  readonly clean: boolean;
  /** The side of the square that the real-world kind degrades, a multiple of the scale and at least the patch. */
  readonly crop: number;
  readonly settings: RealWorldSettings;
  readonly noise: NoiseSettings;
}

/** A large patch with its small one. */
interface Pair {
  readonly high: Planes;
  readonly low: Planes;
  readonly sharpened?: Planes;
  readonly clean?: Planes;
}

/** A third of a batch of the kind mixed is clean, a third like photo; those of the real world come after them. */
const cleanOf = (batch: number): number => Math.floor(batch / 3);

/** How many pairs of a batch of the kind mixed are photographs, clean or not; they come first. */
export const photosOf = (batch: number): number => Math.max(1, Math.floor((2 * batch) / 3));

/** What a single pair is like; `clean`: like photo, without noise and JPEG. */
type PlainKind = Exclude<PairKind, 'mixed'> | 'clean';

/** What the pairs of a square are like: of the kind mixed that is decided by their place in the batch. */
const kindOf = ({ kind, batch }: PairRequest, number: number): PlainKind => {
  if (kind !== 'mixed') return kind;
  const place = number % batch;
  if (place < cleanOf(batch)) return 'clean';
  return place < photosOf(batch) ? 'photo' : 'real-world';
};

/** The part of a picture that pairs are cut from. */
type Cut = (left: number, top: number, size: number) => Planes;

/**
 * Reads the headers of the files and returns what makes a square by its number. It is a function of the request and that
 * number alone.
 *
 * @throws RevelaError if a file cannot be read
 */
export async function squareMaker(request: PairRequest): Promise<(number: number) => Promise<PairSquare>> {
  const { batch, seed, augment, patch, scale, patchesPerSquare } = request;
  const shelf = await openShelf(request);
  const area = 3 * patch * patch;
  // As if the picture ended where the last whole pixel of the small one does.
  const inside = (position: number, length: number): number =>
    mirror(position, scale * Math.floor(length / scale));
  return async (number) => {
    const random = createRandom(seed, Math.floor(number / batch), number % batch);
    const raster = await shelf.draw(random);
    const posture = drawPosture(random, augment);
    const kind = kindOf(request, number);
    const cut: Cut = (left, top, size) => {
      const data = new Float32Array(3 * size * size);
      cutSquare(raster, { left, top, size, ...posture }, data, 0, kind === 'bicubic' ? inside : mirror);
      return { channels: 3, width: size, height: size, data };
    };
    const whole = { width: raster.width, height: raster.height };
    const pairs = await pairMakers[kind](cut, whole, { ...request, kind }, random);
    const high = new Float32Array(patchesPerSquare * area);
    const low = new Float32Array((patchesPerSquare * area) / scale ** 2);
    const sharpened = request.sharpen ? new Float32Array(patchesPerSquare * area) : undefined;
    const clean = request.clean ? new Float32Array(low.length) : undefined;
    for (const [i, pair] of pairs.entries()) {
      high.set(pair.high.data, i * area);
      low.set(pair.low.data, (i * area) / scale ** 2);
      if (pair.sharpened !== undefined) sharpened?.set(pair.sharpened.data, i * area);
      clean?.set((pair.clean ?? pair.low).data, (i * area) / scale ** 2);
    }
    return { high, low, ...present({ sharpened, clean }) };
  };
}

type PairMaker = (
  cut: Cut,
  whole: Size,
  request: PlainRequest,
  random: Random,
) => readonly Pair[] | Promise<readonly Pair[]>;

/** Of which kind the pairs of one square are. */
type PlainRequest = Omit<PairRequest, 'kind'> & { readonly kind: PlainKind };

const pairMakers: Readonly<Record<PlainKind, PairMaker>> = {
  bicubic: (...given) => [bicubicPair(...given)],
  'real-world': realWorldPairs,
  photo: realWorldPairs,
  clean: realWorldPairs,
  noise: noisePairs,
};

interface Size {
  readonly width: number;
  readonly height: number;
}

/** MATLAB's bicubic reaches less than two samples of the small picture beyond the one that it makes. */
const reach = 2;

/**
 * The small patch is exactly the part of the degraded whole picture that belongs to the large one: both lie on the
 * grid of the small picture, and what is degraded is the large patch with all that the kernel reaches.
 */
function bicubicPair(
  cut: Cut,
  { width, height }: Size,
  { patch, scale, sharpen: sharpens }: PlainRequest,
  random: Random,
): Pair {
  const left = scale * random.integer(Math.floor((width - patch) / scale) + 1);
  const top = scale * random.integer(Math.floor((height - patch) / scale) + 1);
  const border = reach * scale;
  const square = cut(left - border, top - border, patch + 2 * border);
  const high = crop(square, { left: border, top: border, width: patch, height: patch });
  const side = patch / scale;
  const low = crop(degradeBicubic(square, scale), { left: reach, top: reach, width: side, height: side });
  return { high, low, ...(sharpens ? { sharpened: sharpen(high) } : {}) };
}

/**
 * A larger square is degraded whole and the patches are cut out of it and of the result at the same places, so that
 * they do not show what filters do at edges. Where sharpened patches are wanted, the sharpened square is degraded.
 */
async function realWorldPairs(
  cut: Cut,
  { width, height }: Size,
  { kind, patch, scale, sharpen: sharpens, crop: wanted, settings, patchesPerSquare }: PlainRequest,
  random: Random,
): Promise<readonly Pair[]> {
  // A picture that is smaller than the square gives a smaller one: nothing has to be made up.
  const size = Math.min(wanted, scale * Math.floor(Math.min(width, height) / scale));
  const square = cut(random.integer(width - size + 1), random.integer(height - size + 1), size);
  const sharp = sharpens ? sharpen(square) : undefined;
  const smallSquare = async (): Promise<{ readonly degraded: Planes; readonly clean?: Planes }> => {
    if (kind === 'real-world')
      return { degraded: await degradeRealWorld(sharp ?? square, scale, random, { settings }) };
    const of = { settings: kind === 'clean' ? cleanPhoto : anyPhoto };
    const { photo, clean } = await smallPhoto(square, scale, random, of);
    return { degraded: photo, clean };
  };
  const { degraded, clean } = await smallSquare();
  const side = patch / scale;
  return Array.from({ length: patchesPerSquare }, () => {
    const left = random.integer(size / scale - side + 1);
    const top = random.integer(size / scale - side + 1);
    const large = { left: left * scale, top: top * scale, width: patch, height: patch };
    const little = { left, top, width: side, height: side };
    return {
      high: crop(square, large),
      low: crop(degraded, little),
      ...present({ sharpened: sharp && crop(sharp, large), clean: clean && crop(clean, little) }),
    };
  });
}

/** So many places are looked at for a patch with detail. */
const candidates = 3;
/** How often the place with most detail is taken, and not the first. */
const detailProbability = 0.6;

/**
 * A larger square is photographed whole, and the patches are cut out of the noisy and the clean picture at the same
 * places. Soft backgrounds teach little, so that often the place with most detail of a few is taken.
 */
async function noisePairs(
  cut: Cut,
  { width, height }: Size,
  { patch, crop: wanted, noise, patchesPerSquare }: PlainRequest,
  random: Random,
): Promise<readonly Pair[]> {
  // Even sides: a mosaic has two rows and two columns.
  const size = 2 * Math.floor(Math.min(wanted, width, height) / 2);
  const square = cut(random.integer(width - size + 1), random.integer(height - size + 1), size);
  const { clean, noisy } = await noisyPair(square, random, { settings: noise, least: patch });
  return Array.from({ length: patchesPerSquare }, () => {
    const places = Array.from({ length: candidates }, () => ({
      left: random.integer(clean.width - patch + 1),
      top: random.integer(clean.height - patch + 1),
      ...{ width: patch, height: patch },
    }));
    const detailed = random.uniform() < detailProbability;
    const patches = places.slice(0, detailed ? candidates : 1).map((place) => {
      const high = crop(clean, place);
      return { place, high, detail: detailOf(high) };
    });
    const best = patches.reduce((most, one) => (one.detail > most.detail ? one : most));
    return { high: best.high, low: crop(noisy, best.place) };
  });
}

/** Mean difference of neighbours in a row, of all channels. */
function detailOf({ data, width }: Planes): number {
  let sum = 0;
  for (let i = 1; i < data.length; i++)
    if (i % width !== 0) sum += Math.abs((data[i] ?? 0) - (data[i - 1] ?? 0));
  return sum / data.length;
}
