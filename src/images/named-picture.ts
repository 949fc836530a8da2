import { inSharedMemory } from '../in-thread.js';
import type { LeanPicture, Picture } from '../pixels/index.js';
import { holdPicture, isFile, type PictureInput } from './picture-input.js';
import { readLeanPicture, readPicture } from './read.js';

/** @throws RevelaError if the picture cannot be read, or is none: the message names what is wrong with it */
export async function pictureOf(input: PictureInput, signal?: AbortSignal): Promise<Picture> {
  const picture = await readPicture(await holdPicture(input, signal));
  const data = await inSharedMemory(picture.data);
  return data === picture.data ? picture : { ...picture, data };
}

/**
 * The same, of a file with its values as they lie there: for what need not have all of them as floats at once.
 *
 * @throws as {@link pictureOf}
 */
export async function leanPictureOf(input: PictureInput): Promise<LeanPicture> {
  const held = await holdPicture(input);
  return isFile(held) ? readLeanPicture(held) : pictureOf(held);
}

/** A picture, and what messages call it. */
export interface NamedPicture {
  readonly picture: Picture;
  readonly name: string;
}

/**
 * Reads a picture, where it is not given decoded.
 *
 * @param unnamed what it is called where it is no file
 * @throws RevelaError if it cannot be read
 */
export async function pictureNamed(input: PictureInput, unnamed = 'the picture'): Promise<NamedPicture> {
  const held = await holdPicture(input);
  return { picture: await pictureOf(held), name: typeof held === 'string' ? held : unnamed };
}

/** Two pictures with as many channels: grey is taken for colours that are alike where the other one has colours. */
export function inSameColours<
  A extends Pick<Picture, 'channels' | 'data'>,
  B extends Pick<Picture, 'channels' | 'data'>,
>(a: A, b: B): readonly [A, B] {
  return a.channels === b.channels ? [a, b] : [inColour(a), inColour(b)];
}

/** Grey three times over, as colours that are alike; colour as it is. */
export function inColour<P extends Pick<Picture, 'channels' | 'data'>>(picture: P): P {
  if (picture.channels === 3) return picture;
  const { length } = picture.data;
  const data = new Float32Array(3 * length);
  for (let channel = 0; channel < 3; channel++) data.set(picture.data, channel * length);
  return { ...picture, channels: 3, data };
}
