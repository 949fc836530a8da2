import { cutSquare, drawPosture, mirror, openShelf, type ShelfContents } from '../images/index.js';
import { createRandom, type Random } from '../random.js';
import { degradeBicubic } from './classical.js';
import type { DegradationKind } from './degradation.js';
import type { PairOrder } from './pair-order.js';
import { crop, type Planes } from './planes.js';
import { degradeRealWorld, type RealWorldSettings } from './real-world.js';
import { sharpen } from './sharpen.js';

/** The patches that are cut from a square. */
export interface PairSquare {
  /** `[patches, 3, patch, patch]`, in [0, 1]. */
  readonly high: Float32Array<ArrayBuffer>;
  /** `[patches, 3, patch / scale, patch / scale]`, multiples of 1/255. */
  readonly low: Float32Array<ArrayBuffer>;
  /** The large patches sharpened, for the losses that compare with those. */
  readonly sharpened?: Float32Array<ArrayBuffer>;
}

/** What decides the pairs of every square. */
export interface PairRequest extends ShelfContents, PairOrder {
  readonly kind: DegradationKind;
  readonly scale: number;
  /** The side of the large patches, a multiple of the scale; no picture is smaller. */
  readonly patch: number;
  readonly seed: number;
  readonly augment: boolean;
  readonly sharpen: boolean;
  /** The side of the square that the real-world kind degrades, a multiple of the scale and at least the patch. */
  readonly crop: number;
  readonly settings: RealWorldSettings;
}

/** A large patch with its small one. */
interface Pair {
  readonly high: Planes;
  readonly low: Planes;
  readonly sharpened?: Planes;
}

/** The part of a picture that pairs are cut from. */
type Cut = (left: number, top: number, size: number) => Planes;

/**
 * Reads the headers of the files and returns what makes a square by its number. It is a function of the request and that
 * number alone.
 *
 * @throws RevelaError if a file cannot be read
 */
export async function squareMaker(request: PairRequest): Promise<(number: number) => Promise<PairSquare>> {
  const { batch, seed, augment, patch, scale, kind, patchesPerSquare } = request;
  const shelf = await openShelf(request);
  const area = 3 * patch * patch;
  // As if the picture ended where the last whole pixel of the small one does.
  const inside = (position: number, length: number): number =>
    mirror(position, scale * Math.floor(length / scale));
  return async (number) => {
    const random = createRandom(seed, Math.floor(number / batch), number % batch);
    const raster = await shelf.draw(random);
    const posture = drawPosture(random, augment);
    const cut: Cut = (left, top, size) => {
      const data = new Float32Array(3 * size * size);
      cutSquare(raster, { left, top, size, ...posture }, data, 0, kind === 'bicubic' ? inside : mirror);
      return { channels: 3, width: size, height: size, data };
    };
    const whole = { width: raster.width, height: raster.height };
    const pairs =
      kind === 'bicubic'
        ? [bicubicPair(cut, whole, request, random)]
        : await realWorldPairs(cut, whole, request, random);
    const high = new Float32Array(patchesPerSquare * area);
    const low = new Float32Array((patchesPerSquare * area) / scale ** 2);
    const sharpened = request.sharpen ? new Float32Array(patchesPerSquare * area) : undefined;
    for (const [i, pair] of pairs.entries()) {
      high.set(pair.high.data, i * area);
      low.set(pair.low.data, (i * area) / scale ** 2);
      if (pair.sharpened !== undefined) sharpened?.set(pair.sharpened.data, i * area);
    }
    return { high, low, ...(sharpened === undefined ? {} : { sharpened }) };
  };
}

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
  { patch, scale, sharpen: sharpens }: PairRequest,
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
  { patch, scale, sharpen: sharpens, crop: wanted, settings, patchesPerSquare }: PairRequest,
  random: Random,
): Promise<readonly Pair[]> {
  // A picture that is smaller than the square gives a smaller one: nothing has to be made up.
  const size = Math.min(wanted, scale * Math.floor(Math.min(width, height) / scale));
  const square = cut(random.integer(width - size + 1), random.integer(height - size + 1), size);
  const sharp = sharpens ? sharpen(square) : undefined;
  const degraded = await degradeRealWorld(sharp ?? square, scale, random, { settings });
  const side = patch / scale;
  return Array.from({ length: patchesPerSquare }, () => {
    const left = random.integer(size / scale - side + 1);
    const top = random.integer(size / scale - side + 1);
    const large = { left: left * scale, top: top * scale, width: patch, height: patch };
    return {
      high: crop(square, large),
      low: crop(degraded, { left, top, width: side, height: side }),
      ...(sharp === undefined ? {} : { sharpened: crop(sharp, large) }),
    };
  });
}
