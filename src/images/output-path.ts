import { stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { RevelaError } from '../errors.js';
import { fileIdentity } from '../file-identity.js';
import { openRegular } from '../regular-file.js';
import { present } from '../present.js';
import type { FoundPicture, PictureSearch } from './folder.js';
import { formatOfPath, formatOfStart, formats, startBytes } from './formats.js';
import type { PictureFormat } from '../pixels/index.js';

/** How results are named. */
export interface OutputNaming {
  /** Put before the extension of results that lie beside their input, such as `.denoised`. */
  readonly suffix: string;
  /** The kind of file to write, which decides the extension; default: that of the input. */
  readonly format?: PictureFormat;
}

/** A picture to read and the file to write its result to. */
export interface OutputPair {
  readonly input: string;
  readonly output: string;
}

/**
 * Where the results of pictures go:
 * - without `output`, beside the input: `photo.jpg` gives `photo.denoised.jpg`;
 * - of one file that was named, if `output` is neither an existing folder nor ends with `/`: to that file;
 * - else into the folder `output`, under the names of the inputs, those of folders in folders in such folders again.
 *
 * @throws RevelaError if two inputs have one output, an output is one of the inputs by whatever name, or there may be
 *   several pictures and `output` is a file or named like one
 *
 * @example
 * await planOutputs(await searchPictures(['photos/']), 'clean', { suffix: '.denoised' }); // clean/a.jpg, clean/b.png
 */
export async function planOutputs(
  { pictures, several }: Pick<PictureSearch, 'pictures' | 'several'>,
  output: string | undefined,
  naming: OutputNaming,
): Promise<OutputPair[]> {
  const folder = output !== undefined && (await isFolder(output, several));
  const known = new Map<string, Promise<boolean>>();
  const sources = new Map<string, string>();
  const formatOf = async ({ path }: FoundPicture): Promise<PictureFormat | undefined> =>
    naming.format ?? formatOfPath(path) ?? (await formatInside(path));
  for (const { path } of pictures) sources.set(await fileIdentity(path, known), path);
  const targets = new Map<string, string>();
  const pairs: OutputPair[] = [];
  for (const picture of pictures) {
    const format = await formatOf(picture);
    const named = { ...naming, ...present({ format }) };
    const pair = { input: picture.path, output: placeOf(picture, output, named, folder) };
    const target = await fileIdentity(pair.output, known);
    const other = targets.get(target);
    if (other !== undefined) {
      throw new RevelaError(
        `${other} and ${pair.input} would both be written to ${pair.output}; process them in two runs with different outputs`,
      );
    }
    const source = sources.get(target);
    if (source !== undefined) {
      const place = source === pair.output ? '' : `, which is ${pair.output}`;
      throw new RevelaError(
        `the result of ${pair.input} would replace the input ${source}${place}; choose another output`,
      );
    }
    targets.set(target, pair.input);
    pairs.push(pair);
  }
  return pairs;
}

/** The kind of a file whose name says none, such as that of stereo photographs (MPO, which are JPEG). */
async function formatInside(path: string): Promise<PictureFormat | undefined> {
  const opened = await openRegular(path).catch(() => undefined); // whoever reads it says what is wrong
  if (opened === undefined) return undefined;
  try {
    const { buffer } = await opened.handle.read(new Uint8Array(startBytes), 0, startBytes, 0);
    return formatOfStart(buffer);
  } finally {
    await opened.handle.close();
  }
}

/**
 * The name of one result, by the rules of {@link planOutputs}.
 *
 * @param folder whether `output` is a folder; default: whether it ends with a slash
 *
 * @example
 * outputPath('scans/photo.jpg', undefined, { suffix: '.denoised', format: 'png' }); // scans/photo.denoised.png
 */
export function outputPath(
  input: string,
  output: string | undefined,
  naming: OutputNaming,
  folder: boolean = output !== undefined && endsWithSlash(output),
): string {
  return placeOf({ path: input, place: basename(input) }, output, naming, folder);
}

function placeOf(
  { path, place }: FoundPicture,
  output: string | undefined,
  naming: OutputNaming,
  folder: boolean,
): string {
  if (output !== undefined && !folder) return output;
  const known = formatOfPath(path);
  // The extension is kept when it fits (.jpeg stays .jpeg); a name without a known one is kept whole.
  const own = known === undefined ? '' : extname(path);
  const stem = basename(path, own);
  const format = naming.format ?? known ?? 'png';
  const extension = known === format ? own : formats[format].extension;
  return output === undefined
    ? join(dirname(path), `${stem}${naming.suffix}${extension}`)
    : join(output, dirname(place), `${stem}${extension}`);
}

async function isFolder(output: string, several: boolean): Promise<boolean> {
  const facts = await stat(output).catch(() => undefined);
  if (facts?.isDirectory() || endsWithSlash(output)) return true;
  if (!several) return false;
  if (facts !== undefined)
    throw new RevelaError(
      `\`output\` ${output} is a file, but the results of folders, patterns and several files go into a folder; name one`,
    );
  if (formatOfPath(output) !== undefined)
    throw new RevelaError(
      `\`output\` ${output} is named like a picture, but the results of folders, patterns and several files go into a folder; leave out the extension, or end it with a slash`,
    );
  return true;
}

function endsWithSlash(path: string): boolean {
  return path.endsWith('/') || path.endsWith('\\');
}
