import { createHash } from 'node:crypto';
import { OptionError } from '../errors.js';
import { weightsAt } from '../models/index.js';
import { packageVersion } from '../package-version.js';
import { fileSha256, modelPath } from '../weights/index.js';
import type { ScoringMeasure } from './measure.js';
import type { OptionTable } from './measure-option.js';
import { type MeasureName, scoringMeasure } from './measures.js';
import { ownOptions } from './option-tables.js';
import type { MeasureOptions } from './score-options.js';

/** The file that an option means; undefined where there is none, which is refused where the measure is opened. */
async function fileBehind(
  { facts, fileOf = {} }: Pick<ScoringMeasure<OptionTable>, 'facts' | 'fileOf'>,
  name: string,
  named: unknown,
): Promise<string> {
  if (typeof named !== 'string')
    throw new OptionError(
      `a record of scores needs to know the files of ${facts.title}: give paths, not what was read`,
    );
  return (await fileOf[name]?.(named)) ?? modelPath(await weightsAt(named));
}

/**
 * A hash of everything that a measure's scores depend on besides the picture: which measure it is, the content of its files, its
 * options, and the version of this program. Scores of the same pixels under the same hash are equal, up to rounding.
 *
 * @throws RevelaError for a file that cannot be read, or a model that was not given as one
 */
export async function measureIdentity(name: MeasureName, options: MeasureOptions): Promise<string> {
  const measure: ScoringMeasure<OptionTable, OptionTable> = scoringMeasure(name);
  const table: OptionTable = { ...measure.options, ...measure.looking };
  const given = ownOptions(table, options);
  const hashes: Record<string, string> = {};
  const choices: Record<string, unknown> = {};
  for (const [key, { holds, file, idle = false }] of Object.entries(table)) {
    const value = given[key];
    if (holds !== undefined) {
      const named = value ?? (await file?.());
      if (named !== undefined) hashes[key] = await fileSha256(await fileBehind(measure, key, named));
    } else if (value !== undefined && !idle) choices[key] = value;
  }
  return createHash('sha256')
    .update(
      JSON.stringify({ name, version: packageVersion(), revision: measure.revision ?? 0, hashes, choices }),
    )
    .digest('hex');
}
