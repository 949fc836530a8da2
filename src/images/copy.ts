import { dirname } from 'node:path';
import { loadSharp } from './load-sharp.js';
import { fileError } from '../file-errors.js';
import { makeFolder } from '../make-folder.js';
import { writeBeside } from '../write-beside.js';
import { type Header, inspect } from './inspect.js';
import { parseJpeg } from './jpeg-file.js';
import { claimsGainMap, isXmpInOrder } from './jpeg-metadata.js';
import { loadBytes, readPicture } from './read.js';
import type { WriteOptions } from './picture-options.js';
import { checkOutput, writePicture } from './write.js';

/** Where nothing was changed, what is encoded anew loses as little as its kind of file allows. */
const bestQuality = 100;

/**
 * Writes a picture that was not changed. Where the kind of file stays and the file is as results are (upright, with metadata
 * that others read too), it is the same bytes, so that JPEG loses nothing; else, or where a quality is asked for, it is read
 * and written.
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
  const asAsked = header.format === format && options.quality === undefined && !options.lossless;
  if (!asAsked || !(await isAsResultsAre(bytes, header))) {
    const how = asAsked && !header.lossless ? { ...options, quality: bestQuality } : options;
    return writePicture(output, await readPicture(bytes), how);
  }
  try {
    await makeFolder(dirname(output));
    await writeBeside(output, [bytes], { replace: options.overwrite === true });
    return [];
  } catch (error) {
    throw fileError(`cannot write ${output}`, error);
  }
}

/** Whether a file is upright, and says nothing that other programs cannot find: XMP in disorder, a gain map without its list. */
async function isAsResultsAre(bytes: Uint8Array, { orientation }: Header): Promise<boolean> {
  if (orientation !== 1) return false;
  const jpeg = parseJpeg(bytes);
  if (jpeg === undefined) return true;
  if (!isXmpInOrder(jpeg)) return false;
  if (!claimsGainMap(jpeg)) return true;
  const sharp = await loadSharp();
  const { gainMap } = await sharp(bytes, { limitInputPixels: false }).metadata();
  return gainMap !== undefined;
}
