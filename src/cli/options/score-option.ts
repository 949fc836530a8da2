import type { Command } from 'commander';
import { defaultMeasure, measureNames, measures } from '../../api/choices.js';
import { addOption } from './options.js';

export type { ScoreFlags } from './common-options.js';

/** Measures that are complete without files of others. */
export const completeMeasures = measureNames.filter((name) => measures[name].needs.length === 0);

/** Adds the option of {@link ScoreFlags}. */
export function addScoreOption(command: Command): Command {
  return addOption(
    command,
    '--score [METRIC]',
    `print a quality score before and after: ${completeMeasures.join(' or ')} (default: ${defaultMeasure}); write --score=niqe`,
  );
}
