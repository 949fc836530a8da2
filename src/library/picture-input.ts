import { RevelaError } from '../errors.js';
import { inSharedMemory } from '../in-thread.js';
import { type Picture, pictureProblem, readPicture } from '../images/index.js';

/** A picture as the library takes it: a file, the bytes of one, or decoded. */
export type PictureInput = string | Uint8Array | Picture;

/** Whether a picture is yet to be decoded. */
export const isFile = (input: PictureInput): input is string | Uint8Array =>
  typeof input === 'string' || input instanceof Uint8Array;

/** @throws RevelaError if the picture cannot be read, or is none: the message names what is wrong with it */
export async function pictureOf(input: PictureInput): Promise<Picture> {
  if (isFile(input)) return readPicture(input);
  const problem = await pictureProblem(input);
  if (problem === undefined) {
    const data = await inSharedMemory(input.data);
    return data === input.data ? input : { ...input, data };
  }
  throw new RevelaError(
    `a picture must be the path of a file, the bytes of one, or what readPicture gives: ${problem}`,
  );
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
  return { picture: await pictureOf(input), name: typeof input === 'string' ? input : unnamed };
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
