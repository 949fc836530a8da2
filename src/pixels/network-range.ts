import { muchInThread, sharedFloats } from '../in-thread.js';
import type { Picture } from './picture.js';
import type { PlanesSize } from './planes.js';
import type { Raster } from './raster.js';
import { type LeanPicture, type PictureValues, rowOf } from './stored-values.js';

/**
 * Pictures of 10, 12 or 14 bits in files of 16, dark frames, and what microscopes and telescopes record lie in a small part
 * of the range that their file can hold. Networks have learnt from photographs, whose brightest values are near 1, and err
 * by a thousandth or so, which is more than such a picture holds. So pictures of 16 bits whose values lie low are multiplied
 * for the network by one factor each, and what comes back is divided by it: the mapping is `y = factor · x`.
 */
const TARGET = 0.9;
/** Pictures that would be multiplied by less are left as they are. */
const LEAST_FACTOR = 2;
const MOST_FACTOR = 2000;
/** What share of the values the mapping brings below 1, where the rest may lie beyond, such as stars and hot pixels. */
const MOST_VALUES = 0.995;

const levels = 65_536;

/** What of a picture says its range. */
export type RangedPicture = Pick<LeanPicture, 'bitDepth' | 'data' | 'channels' | 'width' | 'height'>;

/**
 * By what a picture's values are multiplied for a network: 1 for all pictures of 8 bits, and those of 16 whose values
 * reach high.
 *
 * @param share of the values that then lie below 1; default 0.995
 *
 * @example
 * rangeFactor(picture); // 88.8 for values up to 664 of 65535
 */
export function rangeFactor(
  { bitDepth, data, channels, width, height }: RangedPicture,
  share: number = MOST_VALUES,
): number {
  if (bitDepth !== 16) return 1;
  const counts = new Uint32Array(levels);
  const read = new Float32Array(width);
  for (let channel = 0; channel < channels; channel++)
    for (let y = 0; y < height; y++)
      for (const value of rowOf(data, { width, height }, channel, y, read)) {
        const level = Math.round(Math.min(1, Math.max(0, value)) * (levels - 1));
        counts[level] = (counts[level] ?? 0) + 1;
      }
  return factorOf(counts, channels * width * height, share, levels - 1);
}

/** The same pixels with another white, so that what is cut out of them is in the range of networks. */
export function rasterInNetworkRange(raster: Raster): Raster {
  const { samples, width, height, channels, pixelStep, channelStep, white } = raster;
  if (!(samples instanceof Uint16Array)) return raster;
  const counts = new Uint32Array(levels);
  for (let channel = 0; channel < channels; channel++)
    for (let i = 0; i < width * height; i++) {
      const level = samples[channel * channelStep + i * pixelStep] ?? 0;
      counts[level] = (counts[level] ?? 0) + 1;
    }
  const factor = factorOf(counts, channels * width * height, MOST_VALUES, white);
  if (factor === 1) return raster;
  const top = white / factor;
  return { ...raster, samples: samples.map((sample) => Math.min(sample, top)), white: top };
}

function factorOf(counts: Uint32Array, values: number, share: number, white: number): number {
  let [level, seen] = [-1, 0];
  while (seen < share * values && level < levels - 1) {
    level += 1;
    seen += counts[level] ?? 0;
  }
  const factor = (TARGET * white) / Math.max(1, level);
  if (level <= 0 || factor < LEAST_FACTOR) return 1;
  return Math.min(MOST_FACTOR, factor);
}

const self = new URL('./network-range.js', import.meta.url);
const countOf = ({ channels, width, height }: PlanesSize): number => channels * width * height;
const factorAside = muchInThread(self, rangeFactor, (picture, _share?: number) => countOf(picture));
const multipliedAside = muchInThread(self, multipliedValues, (data) => data.length);
const dividedAside = muchInThread(self, dividedValues, ({ length }) => length);
const broughtBackAside = muchInThread(self, broughtBack, (_, { length }) => length);

/** {@link rangeFactor}, of a large picture in another thread. */
export async function findRangeFactor(
  { bitDepth, data, channels, width, height }: RangedPicture,
  share?: number,
): Promise<number> {
  return bitDepth === 16 ? factorAside({ bitDepth, data, channels, width, height }, share) : 1;
}

/** A picture with its values multiplied; what lies beyond 1 then is 1. */
export async function multiplied<P extends Pick<LeanPicture, 'data'>>(
  picture: P,
  factor: number,
): Promise<P> {
  if (factor === 1) return picture;
  const { data } = picture;
  if (data instanceof Float32Array) return { ...picture, data: await multipliedAside(data, factor) };
  return { ...picture, data: { ...data, values: multipliedValues(data.values, factor) } };
}

/** Values divided, where they lie or in a copy. */
export async function divided(data: Float32Array, factor: number): Promise<Float32Array> {
  return factor === 1 ? data : dividedAside(data, factor);
}

/** Of {@link multiplied}. */
export function multipliedValues(data: Float32Array, factor: number): Float32Array {
  const result = sharedFloats(data.length);
  for (let i = 0; i < data.length; i++) result[i] = Math.min(1, (data[i] ?? 0) * factor);
  return result;
}

/** Of {@link divided}. */
export function dividedValues(data: Float32Array, factor: number): Float32Array {
  for (let i = 0; i < data.length; i++) data[i] = (data[i] ?? 0) / factor;
  return data;
}

/**
 * Brings what was made of multiplied values back to the range of the picture: values that lay beyond the range stay as they were,
 * and the mean of each channel is that of the picture.
 *
 * @param before of the picture, not multiplied
 * @param made of the multiplied picture, `[channels, height, width]`; it is written over and returned
 */
export function broughtBack(
  before: PictureValues,
  made: Float32Array,
  factor: number,
  { channels, width, height }: PlanesSize,
): Float32Array {
  const read = new Float32Array(width);
  for (let channel = 0; channel < channels; channel++) {
    let [sumBefore, sum] = [0, 0];
    for (let y = 0; y < height; y++) {
      const row = rowOf(before, { width, height }, channel, y, read);
      for (let x = 0, i = (channel * height + y) * width; x < width; x++, i++) {
        const value = row[x] ?? 0;
        made[i] = value * factor > 1 ? value : (made[i] ?? 0) / factor;
        sumBefore += value;
        sum += made[i] ?? 0;
      }
    }
    const shift = sumBefore / (width * height) - sum / (width * height);
    for (let y = 0; y < height; y++) {
      const row = rowOf(before, { width, height }, channel, y, read);
      for (let x = 0, i = (channel * height + y) * width; x < width; x++, i++)
        if ((row[x] ?? 0) * factor <= 1) made[i] = Math.max(0, (made[i] ?? 0) + shift);
    }
  }
  return made;
}

/**
 * Works on a picture in the range of networks, and brings the result back; see {@link broughtBack}.
 *
 * @param work makes a picture of the same size
 *
 * @example
 * const clean = await inNetworkRange(dark, (picture) => denoiser.apply(picture));
 */
export async function inNetworkRange(
  picture: LeanPicture,
  work: (mapped: LeanPicture) => Promise<Picture>,
): Promise<Picture> {
  const factor = await findRangeFactor(picture);
  if (factor === 1) return work(picture);
  const { channels, width, height, data } = picture;
  const result = await work(await multiplied(picture, factor));
  return {
    ...result,
    data: await broughtBackAside(data, result.data, factor, { channels, width, height }),
  };
}
