import { fileError } from '../file-errors.js';
import { openRegular } from '../regular-file.js';
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
    const { handle } = await openRegular(path);
    try {
      return (await measureFile(handle)).sha256;
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw fileError(`cannot read ${path}`, error);
  }
}
