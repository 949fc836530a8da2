import { findPictures } from '../images/index.js';

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

/**
 * The pictures that a training learns from: those that inputs stand for, but for the results that Revela itself left in
 * folders: who learns from these learns its own mistakes. A result that is named alone is taken.
 *
 * @throws RevelaError as `findPictures`
 */
export const trainingPictures = (
  inputs: readonly string[],
  options: TrainingPicturesOptions,
): Promise<string[]> => findPictures(inputs, { ...options, exceptSuffix: results });
