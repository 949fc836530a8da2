import { refuseUnknownOptions } from '../../known-options.js';
import { checkValue, path } from '../../options/index.js';
import type { DistanceFiles } from '../../models/index.js';
import { featureMeasures, type FilesOfDistances } from '../option-tables.js';

const file = path({ words: '' });

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
  refuseUnknownOptions(
    'files',
    files,
    Object.fromEntries(featureMeasures.map(({ distance }) => [distance, true as const])),
  );
  for (const [name, pair] of Object.entries(files)) {
    if (pair === undefined) continue;
    refuseUnknownOptions(`files.${name}`, pair, { weights: true, backbone: true });
    checkValue(file, pair.weights, `files.${name}.weights`);
    checkValue(file, pair.backbone, `files.${name}.backbone`);
  }
}
