import { open } from 'node:fs/promises';
import { fileError } from '../file-errors.js';
import { measureFile } from './store/file-hash.js';

/**
 * The SHA-256 of a file, in 64 hexadecimal digits.
 *
 * @throws RevelaError if the file cannot be read
 *
 * @example
 * const sha256 = await fileSha256('RN50.pt');
 */
export async function fileSha256(path: string): Promise<string> {
  try {
    const file = await open(path);
    try {
      return (await measureFile(file)).sha256;
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileError(`cannot read ${path}`, error);
  }
}
