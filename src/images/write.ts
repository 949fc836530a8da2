import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { RevelaError } from '../errors.js';
import { existsAlready, fileError, fileErrorCode } from '../file-errors.js';
import { checkTakesFolders, makeFolder } from '../make-folder.js';
import { checked } from '../options/index.js';
import type { Picture, PictureFormat } from '../pixels/index.js';
import { writeBeside } from '../write-beside.js';
import { encode, type RoundedPicture, roundedPicture } from './encode.js';
import { formatNamed, formatOfPath, supportedKinds } from './formats.js';
import { type WriteOptions, writeOptions } from './picture-options.js';
import { pictureProblem } from './picture-problem.js';

/**
 * Writes a picture with what its file said beside its pixels. PNG and TIFF hold 8 or 16 bits exactly, as
 * `picture.bitDepth` says; AVIF holds 8, 10 or 12, JPEG (4:4:4) and WebP 8. Values are clamped to [0, 1] and rounded half
 * to even. Alpha stays as it is; an AVIF file with alpha is written at quality 100, because only then is it exact.
 * WebP and AVIF store a grey picture as RGB, without its grey profile.
 *
 * The folder is created if need be. The file appears whole or not at all.
 *
 * @returns what of the picture and of its metadata is not in the file, for people; empty where all is
 * @throws RevelaError, one line that says what to do, if the output exists and `overwrite` is not set, its folder
 *   cannot be written, the disk is full, the extension is unknown, the format cannot hold the picture (alpha in a
 *   JPEG, too many pixels a side), or a value is not a number
 *
 * @example
 * await writePicture('photo.denoised.jpg', { ...picture, data: restored });
 */
export async function writePicture(
  path: string,
  picture: Picture,
  options: WriteOptions = {},
): Promise<readonly string[]> {
  checked('writePicture', writeOptions, options);
  const format = await checkOutput(path, options);
  const problem = await pictureProblem(picture);
  if (problem !== undefined) throw new RevelaError(`cannot write ${path}: of the picture, ${problem}`);
  return writeRounded(path, await roundedPicture(picture, format), options);
}

/**
 * Writes a picture of which there is nothing but the samples of its file.
 *
 * @throws RevelaError as {@link writePicture}
 */
export async function writeRounded(
  path: string,
  picture: RoundedPicture,
  options: Omit<WriteOptions, 'format'> = {},
): Promise<readonly string[]> {
  const { bytes, lost } = await encode(picture, options, path);
  try {
    await makeFolder(dirname(path));
    await checkFree(path, options.overwrite);
    await writeBeside(path, [bytes], { replace: options.overwrite === true });
    return lost;
  } catch (error) {
    throw fileError(`cannot write ${path}`, error, path);
  }
}

/**
 * Checks, before any work is done, that a picture may be written to a path; returns the format it will have.
 *
 * @throws RevelaError as {@link writePicture} would
 */
export async function checkOutput(path: string, options: WriteOptions = {}): Promise<PictureFormat> {
  const format = options.format === undefined ? formatOfPath(path) : formatNamed(options.format);
  if (format === undefined) {
    const extension = extname(path);
    throw new RevelaError(
      `cannot write ${path}: ${extension === '' ? 'it has no extension' : `the extension ${extension} is unknown`}; expected one of ${supportedKinds} (.jpg .png .webp .tif .avif)`,
    );
  }
  await checkTarget(path, options);
  return format;
}

/**
 * Checks, before any work is done, that a file of any kind may be written to a path.
 *
 * @throws RevelaError if it exists and `overwrite` is not set, is a folder or a device, or its folder cannot be written
 */
export async function checkTarget(
  path: string,
  { overwrite = false }: Pick<WriteOptions, 'overwrite'> = {},
): Promise<void> {
  await checkFree(path, overwrite);
  await checkWritable(path, dirname(path));
}

async function checkFree(path: string, overwrite = false): Promise<void> {
  const facts = await stat(path).catch((error: unknown) => {
    if (fileErrorCode(error) === 'ENOENT') return undefined;
    throw fileError(`cannot write ${path}`, error, path);
  });
  if (facts?.isDirectory()) throw new RevelaError(`cannot write ${path}: it is a folder; add a file name`);
  // What is renamed over a device or a pipe would take its place.
  if (facts !== undefined && !facts.isFile())
    throw new RevelaError(`cannot write ${path}: it is no ordinary file; choose another name`);
  if (facts !== undefined && !overwrite) throw existsAlready(path);
}

/** The folder must let files be created, or the nearest one above it that exists must let folders be. */
async function checkWritable(path: string, folder: string): Promise<void> {
  try {
    await access(folder, constants.W_OK);
    if (folder !== dirname(path)) await checkTakesFolders(folder);
  } catch (error) {
    const above = dirname(folder);
    if (fileErrorCode(error) === 'ENOENT' && above !== folder) return checkWritable(path, above);
    throw fileError(`cannot write ${path}`, error, path);
  }
}
