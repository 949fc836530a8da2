import { type Picture, readPicture } from '../images/index.js';

/** A picture as the library takes it: a file, the bytes of one, or decoded. */
export type PictureInput = string | Uint8Array | Picture;

/** @throws RevelaError if the picture cannot be read */
export async function pictureOf(input: PictureInput): Promise<Picture> {
  return typeof input === 'string' || input instanceof Uint8Array ? readPicture(input) : input;
}
