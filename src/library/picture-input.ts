import { RevelaError } from '../errors.js';
import { type Picture, readPicture } from '../images/index.js';

/** A picture as the library takes it: a file, the bytes of one, or decoded. */
export type PictureInput = string | Uint8Array | Picture;

/** Whether a picture is yet to be decoded. */
export const isFile = (input: PictureInput): input is string | Uint8Array =>
  typeof input === 'string' || input instanceof Uint8Array;

/** @throws RevelaError if the picture cannot be read, or has other numbers of values than its size says */
export async function pictureOf(input: PictureInput): Promise<Picture> {
  if (isFile(input)) return readPicture(input);
  const { width, height, channels, data, alpha } = input;
  const area = width * height;
  if (!(area > 0 && Number.isInteger(area) && data.length === channels * area))
    throw new RevelaError(
      `a picture of ${width}×${height} pixels and ${channels} channels was given with ${data.length} values; it has ${channels * area}`,
    );
  if (alpha !== undefined && alpha.length !== area)
    throw new RevelaError(
      `a picture of ${width}×${height} pixels was given with ${alpha.length} values of alpha`,
    );
  return input;
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

/** Grey three times over, as colours that are alike; colour as it is. */
export function inColour<P extends Pick<Picture, 'channels' | 'data'>>(picture: P): P {
  if (picture.channels === 3) return picture;
  const { length } = picture.data;
  const data = new Float32Array(3 * length);
  for (let channel = 0; channel < 3; channel++) data.set(picture.data, channel * length);
  return { ...picture, channels: 3, data };
}
