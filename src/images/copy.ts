import { dirname } from 'node:path';
import { fileError } from '../file-errors.js';
import { makeFolder } from '../make-folder.js';
import { writeBeside } from '../write-beside.js';
import { inspect } from './inspect.js';
import { loadBytes, readPicture } from './read.js';
import { checkOutput, type WriteOptions, writePicture } from './write.js';

/**
 * Writes a picture that was not changed. Where the kind of file stays, it is the same bytes, so that JPEG loses nothing;
 * else, or where a quality is asked for, it is read and written.
 *
 * @returns what the kind of file cannot hold, as `writePicture`
 * @throws RevelaError as `readPicture` and `writePicture` do
 *
 * @example
 * await copyPicture('clean.jpg', 'results/clean.jpg');
 */
export async function copyPicture(
  input: string,
  output: string,
  options: WriteOptions = {},
): Promise<readonly string[]> {
  const format = await checkOutput(output, options);
  const { bytes, name } = await loadBytes(input);
  const header = await inspect(bytes, name, Infinity);
  if (header.format !== format || options.quality !== undefined || options.lossless) {
    return writePicture(output, await readPicture(bytes), options);
  }
  try {
    await makeFolder(dirname(output));
    await writeBeside(output, [bytes]);
    return [];
  } catch (error) {
    throw fileError(`cannot write ${output}`, error);
  }
}
