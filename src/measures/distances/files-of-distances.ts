import { checkValue, parts, path } from '../../options/index.js';
import type { DistanceFiles } from '../../models/index.js';
import { featureMeasures, type FilesOfDistances } from '../option-tables.js';

const file = path({ required: true, words: '' });
const bothFiles = parts({ weights: file, backbone: file }, { words: '' });
const filesOption = parts(Object.fromEntries(featureMeasures.map(({ distance }) => [distance, bothFiles])), {
  words: 'files of measures',
});

/** The files of a measure: those that were given, or the models of the store. */
export const filesOf = (
  { distance, files }: (typeof featureMeasures)[number],
  given: FilesOfDistances,
): DistanceFiles => given[distance] ?? files;

/**
 * Checks that such files are given by names that there are, and both of each.
 *
 * @throws OptionError that names the field
 */
export function checkFilesOfDistances(files: FilesOfDistances): void {
  checkValue(filesOption, files, 'files');
}
