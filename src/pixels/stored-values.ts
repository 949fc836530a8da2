import { muchInThread, sharedFloats } from '../in-thread.js';
import type { Picture } from './picture.js';
import type { Planes, PlanesSize } from './planes.js';

/** The values of a picture as they lie in its file, in a quarter or half of the memory of floats. */
export interface StoredValues {
  /** Row by row, those of a pixel side by side. */
  readonly samples: Uint8Array | Uint16Array;
  /** How many of a pixel there are: its channels, and its opacity where it has one. */
  readonly pixelStep: number;
  /** What each sample stands for, in [0, 1]. */
  readonly values: Float32Array;
}

/** The values of a picture: floats `[channels, height, width]`, or as they lie in its file. */
export type PictureValues = Float32Array | StoredValues;

/** Planes whose values may lie as in a file. */
export type LeanPlanes = Omit<Planes, 'data'> & { readonly data: PictureValues };

/** A picture whose values may lie as in its file. */
export type LeanPicture = Omit<Picture, 'data'> & { readonly data: PictureValues };

/** A part of a row. */
export interface RowPart {
  /** The first pixel; default 0. */
  readonly x?: number;
  /** In pixels; default: the whole row. */
  readonly length?: number;
}

/**
 * The values of a row of a channel, or of a part of it.
 *
 * @param row where they are written, unless they lie as floats: then they are not copied
 */
export function rowOf(
  values: PictureValues,
  { width, height }: Omit<PlanesSize, 'channels'>,
  channel: number,
  y: number,
  row: Float32Array,
  { x = 0, length = width - x }: RowPart = {},
): Float32Array {
  if (values instanceof Float32Array) {
    const first = (channel * height + y) * width + x;
    return values.subarray(first, first + length);
  }
  const { samples, pixelStep, values: worth } = values;
  let from = (y * width + x) * pixelStep + channel;
  for (let i = 0; i < length; i++, from += pixelStep) row[i] = worth[samples[from] ?? 0] ?? 1;
  return row;
}

/** Writes stored values into planes, which are returned. */
export function unpackedValues(values: StoredValues, planes: Float32Array, size: PlanesSize): Float32Array {
  const { channels, width, height } = size;
  for (let channel = 0; channel < channels; channel++)
    for (let y = 0; y < height; y++) {
      const first = (channel * height + y) * width;
      rowOf(values, size, channel, y, planes.subarray(first, first + width));
    }
  return planes;
}

const unpackedAside = muchInThread(
  new URL('./stored-values.js', import.meta.url),
  unpackedValues,
  (_, { length }) => length,
);

/** The same picture, of floats: in memory that threads share where they are made here. */
export async function inFloats(picture: LeanPicture): Promise<Picture> {
  const { data, channels, width, height } = picture;
  if (data instanceof Float32Array) return { ...picture, data };
  const planes = sharedFloats(channels * width * height);
  return { ...picture, data: await unpackedAside(data, planes, { channels, width, height }) };
}
