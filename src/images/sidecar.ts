import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { RevelaError } from '../errors.js';
import { fileError, fileErrorCode } from '../file-errors.js';
import { fileIdentity } from '../file-identity.js';
import { checked, type OptionsOf, overwriteOptions } from '../options/index.js';
import { writeBeside } from '../write-beside.js';
import { formatOfPath } from './formats.js';
import { checkTarget } from './write.js';
import { type Rating, ratedXmp } from './xmp-rating.js';

const sidecarOptions = {
  /** Whether the rating of a sidecar that exists may be set; default false. All else that it says stays. */
  overwrite: overwriteOptions.overwrite,
};

/** Options of {@link writeRating}. */
export interface SidecarOptions extends OptionsOf<typeof sidecarOptions> {}

/**
 * Where the XMP sidecar of a picture is, as Lightroom names it and darktable and digiKam read it, too.
 *
 * @example
 * sidecarPath('shots/IMG_1.JPG'); // shots/IMG_1.xmp
 */
export function sidecarPath(picture: string): string {
  const known = formatOfPath(picture) === undefined ? '' : extname(picture);
  return `${picture.slice(0, picture.length - known.length)}.xmp`;
}

/**
 * Checks, before any work is done, that ratings of pictures may be written.
 *
 * @throws RevelaError in one line if there are sidecars already and `overwrite` is not set, one that exists is no XMP, a
 *   folder cannot be written, or two pictures would have one sidecar
 */
export async function checkSidecars(
  pictures: readonly string[],
  { overwrite = false }: SidecarOptions = {},
): Promise<void> {
  const known = new Map<string, Promise<boolean>>();
  const owners = new Map<string, string>();
  const there: string[] = [];
  for (const picture of pictures) {
    const sidecar = sidecarPath(picture);
    const identity = await fileIdentity(sidecar, known);
    const other = owners.get(identity);
    if (other !== undefined)
      throw new RevelaError(
        `${other} and ${picture} would both have the sidecar ${sidecar}; score them in two runs, or without \`xmp\``,
      );
    owners.set(identity, picture);
    if ((await readSidecar(sidecar)) !== undefined) there.push(sidecar);
    await checkTarget(sidecar, { overwrite: true });
  }
  const [first] = there;
  if (overwrite || first === undefined) return;
  const what = there.length === 1 ? `${first} exists` : `${first} and ${there.length - 1} more exist`;
  throw new RevelaError(
    `${what} already; \`overwrite\` sets the rating in such sidecars, and keeps the rest of them`,
  );
}

/**
 * Writes how good a picture is into its XMP sidecar, as `xmp:Rating`; the picture's own file stays as it is.
 *
 * @param rating stars, or -1 for a rejected picture
 * @returns the path of the sidecar
 * @throws RevelaError if it exists and `overwrite` is not set, is no XMP, or cannot be written
 *
 * @example
 * await writeRating('shots/IMG_1.JPG', 5); // writes shots/IMG_1.xmp
 */
export async function writeRating(
  picture: string,
  rating: Rating,
  options: SidecarOptions = {},
): Promise<string> {
  checked('writeRating', sidecarOptions, options);
  const sidecar = sidecarPath(picture);
  await checkSidecars([picture], options);
  const text = ratedXmp(rating, await readSidecar(sidecar));
  try {
    await writeBeside(sidecar, [Buffer.from(text ?? '', 'latin1')]);
  } catch (error) {
    throw fileError(`cannot write ${sidecar}`, error);
  }
  return sidecar;
}

/** The text of a sidecar, one character a byte; `undefined` where there is none. */
async function readSidecar(path: string): Promise<string | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'latin1');
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return undefined;
    throw fileError(`cannot read the sidecar ${path}`, error);
  }
  if (ratedXmp(0, text) === undefined)
    throw new RevelaError(`${path} is no XMP that can be read; rename or remove it`);
  return text;
}
