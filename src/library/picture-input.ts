import { RevelaError } from '../errors.js';
import { type Picture, readPicture } from '../images/index.js';

/** A picture as the library takes it: a file, the bytes of one, or decoded. */
export type PictureInput = string | Uint8Array | Picture;

/** @throws RevelaError if the picture cannot be read, or has other numbers of values than its size says */
export async function pictureOf(input: PictureInput): Promise<Picture> {
  if (typeof input === 'string' || input instanceof Uint8Array) return readPicture(input);
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
