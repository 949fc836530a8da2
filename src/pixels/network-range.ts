import { muchInThread, sharedFloats } from '../in-thread.js';
import type { Picture } from './picture.js';
import type { Raster } from './raster.js';

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
  { bitDepth, data }: Pick<Picture, 'bitDepth' | 'data'>,
  share: number = MOST_VALUES,
): number {
  if (bitDepth !== 16) return 1;
  const counts = new Uint32Array(levels);
  for (const value of data) {
    const level = Math.round(Math.min(1, Math.max(0, value)) * (levels - 1));
    counts[level] = (counts[level] ?? 0) + 1;
  }
  return factorOf(counts, data.length, share, levels - 1);
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
const factorAside = muchInThread(self, rangeFactor, ({ data }, _share?: number) => data.length);
const multipliedAside = muchInThread(self, multipliedValues, (data) => data.length);
const dividedAside = muchInThread(self, dividedValues, ({ length }) => length);
const broughtBackAside = muchInThread(self, broughtBack, ({ length }) => length);

/** {@link rangeFactor}, of a large picture in another thread. */
export async function findRangeFactor(
  { bitDepth, data }: Pick<Picture, 'bitDepth' | 'data'>,
  share?: number,
): Promise<number> {
  return bitDepth === 16 ? factorAside({ bitDepth, data }, share) : 1;
}

/** A picture with its values multiplied; what lies beyond 1 then is 1. */
export async function multiplied<P extends Pick<Picture, 'data'>>(picture: P, factor: number): Promise<P> {
  return factor === 1 ? picture : { ...picture, data: await multipliedAside(picture.data, factor) };
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
 * What was made of multiplied values, in the range of the picture: values that lay beyond the range stay as they were, and the
 * mean of each channel is that of the picture.
 *
 * @param before of the picture, not multiplied
 * @param made of the multiplied picture
 * @param area pixels of a channel
 */
export function broughtBack(
  before: Float32Array,
  made: Float32Array,
  factor: number,
  area: number,
): Float32Array {
  const data = sharedFloats(made.length);
  for (let i = 0; i < data.length; i++) {
    const value = before[i] ?? 0;
    data[i] = value * factor > 1 ? value : (made[i] ?? 0) / factor;
  }
  for (let from = 0; from < data.length; from += area) {
    const to = from + area;
    const shift = meanOf(before.subarray(from, to)) - meanOf(data.subarray(from, to));
    for (let i = from; i < to; i++)
      if ((before[i] ?? 0) * factor <= 1) data[i] = Math.max(0, (data[i] ?? 0) + shift);
  }
  return data;
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
  picture: Picture,
  work: (mapped: Picture) => Promise<Picture>,
): Promise<Picture> {
  const factor = await findRangeFactor(picture);
  if (factor === 1) return work(picture);
  const result = await work(await multiplied(picture, factor));
  const area = picture.width * picture.height;
  return { ...result, data: await broughtBackAside(picture.data, result.data, factor, area) };
}

function meanOf(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
