import { expectPath, refuseUnknownOptions } from '../../known-options.js';
import type { DistanceFiles } from '../../models/index.js';
import { featureMeasures, type FilesOfDistances } from '../option-tables.js';

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
    expectPath(pair.weights, `files.${name}.weights`);
    expectPath(pair.backbone, `files.${name}.backbone`);
  }
}
