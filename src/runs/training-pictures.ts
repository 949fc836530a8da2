import { RevelaError } from '../errors.js';
import { findPictures, isMarkedAsResult } from '../images/index.js';

/** The end of the name of a denoised picture that lies beside its original, without the extension. */
export const denoisedSuffix = '.denoised';

/** The same of previews. */
export const previewSuffix = '.preview';

/** The same of an enlarged one. */
export const enlargedSuffix = (scale: number): string => `.x${scale}`;

const results = [denoisedSuffix, previewSuffix, ...[2, 3, 4].map(enlargedSuffix)];

/** How the pictures of a training are found. */
export interface TrainingPicturesOptions {
  readonly recursive?: boolean;
  /** Gets a line for what was left out. */
  readonly onLeftOut?: (line: string) => void;
}

/** How many files are looked into at once. */
const AT_ONCE = 16;

/**
 * The pictures that a training learns from: those that inputs stand for, but for the results that Revela itself left in
 * folders, which their names or their metadata tell: who learns from these learns its own mistakes. A result that is named
 * alone is taken.
 *
 * @throws RevelaError as `findPictures`, and if all are results
 *
 * @example
 * const files = await trainingPictures(['photos/'], { recursive: true });
 */
export async function trainingPictures(
  inputs: readonly string[],
  options: TrainingPicturesOptions,
): Promise<string[]> {
  const files = await findPictures(inputs, { ...options, exceptSuffix: results });
  if (inputs.length === 1 && files.length === 1 && files[0] === inputs[0]) return files;
  const kept: string[] = [];
  for (let at = 0; at < files.length; at += AT_ONCE) {
    const some = files.slice(at, at + AT_ONCE);
    const marked = await Promise.all(some.map(isMarkedAsResult));
    kept.push(...some.filter((_, i) => marked[i] !== true));
  }
  const count = files.length - kept.length;
  const what = count === 1 ? 'picture that Revela made' : 'pictures that Revela made';
  if (kept.length === 0)
    throw new RevelaError(
      `nothing is left to learn from: ${inputs.join(', ')} has ${count} ${what}, as their metadata say; name others, or one of these alone`,
    );
  if (count > 0) options.onLeftOut?.(`Left out: ${count} ${what}, as the metadata say`);
  return kept;
}
