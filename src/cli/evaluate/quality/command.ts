import { Command } from 'commander';
import { intervalOptions, metricsOptions, opinionOptions } from '../../../api/options.js';
import { type FlagsOf, path, retold } from '../../../options/index.js';
import { addOptions } from '../../options/add-options.js';
import {
  addMachineOptions,
  csvOptions,
  type MachineFlags,
  overwriteOptions,
  selected,
} from '../../options/common-options.js';
import { addMeasureOptions } from '../../options/measure-options.js';

const pictures = { ...opinionOptions, ...selected('picture') };

const results = {
  report: path({ words: 'also write a page with scatter plots' }),
  ...retold(overwriteOptions, { overwrite: { words: 'replace an existing page' } }),
  ...csvOptions,
};

/** The options of `revela evaluate quality` as typed, and those of measures; what was not typed is missing. */
export interface EvaluateQualityFlags
  extends MachineFlags,
    FlagsOf<typeof pictures & typeof metricsOptions & typeof intervalOptions & typeof results> {
  readonly scores: string;
  readonly images: string;
}

/** `revela evaluate quality`: its options, not its work. */
export function qualityCommand(run: (flags: EvaluateQualityFlags) => Promise<void>): Command {
  const command = new Command('quality')
    .summary('compare quality metrics with opinions of people')
    .description(
      'Compares scores without a reference with opinions of people: rank and linear correlations with confidence intervals.',
    );

  addOptions(command, 'Pictures:', pictures);
  addOptions(command, 'Measuring:', metricsOptions);
  addMeasureOptions(command);

  addOptions(command, 'Intervals:', intervalOptions);
  addOptions(command, 'Results:', results);
  addMachineOptions(command);
  return command
    .addHelpText(
      'after',
      `
Examples:
  revela evaluate quality --scores mos.csv --images photos/
  revela evaluate quality --scores mos.csv --images photos/ -m revela,niqe --report quality.html`,
    )
    .action(run);
}
