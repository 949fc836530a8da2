import { resolve } from 'node:path';
import { RevelaError } from '../errors.js';

/** @throws RevelaError if a file to be written is one of the pictures that it is made of */
export function checkReplacesNone(output: string, pictures: readonly string[]): void {
  const same = pictures.find((picture) => resolve(picture) === resolve(output));
  if (same !== undefined)
    throw new RevelaError(`${output} would replace the picture ${same}; give --output another name`);
}
