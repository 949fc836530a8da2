import { Command, Option } from 'commander';
import { measureNames } from '../../../api/choices.js';
import { collectedNames } from '../../options/collected.js';
import { addMeasureOptions } from '../../options/measure-options.js';
import { numberFrom, wholeNumber } from '../../options/numbers.js';
import {
  addCsvOption,
  addMachineOptions,
  addOption,
  addOverwriteOption,
  type MachineFlags,
} from '../../options/options.js';
import { addSelectionOptions } from '../../options/selection-options.js';

/** The options of `revela evaluate quality` as typed, and those of measures; what was not typed is missing. */
export interface EvaluateQualityFlags extends MachineFlags {
  readonly scores: string;
  readonly images: string;
  readonly nameColumn?: string;
  readonly scoreColumn?: string;
  readonly better?: 'higher' | 'lower';
  readonly skipMissing?: boolean;
  readonly every?: number;
  readonly limit?: number;
  readonly metric?: readonly string[];
  readonly resamples?: number;
  readonly confidence?: number;
  readonly seed?: number;
  readonly report?: string;
  readonly overwrite?: boolean;
  readonly csv?: boolean;
}

/** `revela evaluate quality`: its options, not its work. */
export function qualityCommand(run: (flags: EvaluateQualityFlags) => Promise<void>): Command {
  const command = new Command('quality')
    .summary('compare quality metrics with opinions of people')
    .description(
      'Compares scores without a reference with opinions of people: rank and linear correlations with confidence intervals.',
    );

  command.optionsGroup('Pictures:');
  command.addOption(
    new Option(
      '--scores <FILE>',
      'opinions: a CSV file, or those of TID2013, KADID-10k, KonIQ-10k, PIPAL, CSIQ, LIVE (required)',
    ).makeOptionMandatory(),
  );
  command.addOption(
    new Option('--images <FOLDER>', 'the pictures, in subfolders too (required)').makeOptionMandatory(),
  );
  addOption(command, '--name-column <TITLE>', 'column of pictures (default: file, image, name …)');
  addOption(command, '--score-column <TITLE>', 'column of opinions (default: MOS, score …)');
  addOption(command, '--better <WHICH>', 'higher or lower opinions (default: by the database)', {
    choices: ['higher', 'lower'],
  });
  addOption(command, '--skip-missing', 'skip names without a picture');
  addSelectionOptions(command, 'picture');

  command.optionsGroup('Measuring:');
  addOption(
    command,
    '-m, --metric <NAME>',
    `${measureNames.join(', ')}; several with commas (default: revela)`,
    {
      parse: collectedNames,
    },
  );
  addMeasureOptions(command);

  command.optionsGroup('Intervals:');
  addOption(command, '--resamples <N>', 'bootstrap draws (default: 1000)', {
    parse: wholeNumber(0, 1_000_000),
  });
  addOption(command, '--confidence <SHARE>', 'level of the intervals (default: 0.95)', {
    parse: numberFrom(0.5, 0.9999),
  });
  addOption(command, '--seed <N>', 'seed of the draws (default: 0)', { parse: wholeNumber(0) });

  command.optionsGroup('Results:');
  addOption(command, '--report <FILE>', 'also write a page with scatter plots');
  addOverwriteOption(command, 'replace an existing page');
  addCsvOption(command);
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
