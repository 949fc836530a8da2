import { Command, Option } from 'commander';
import { addSelectionOptions } from '../../options/selection-options.js';
import { collectedNames } from '../../options/collected.js';
import {
  brisqueMeasure,
  clipIqaMeasure,
  ilNiqeMeasure,
  niqeMeasure,
  scorerMeasure,
  sfdIqaMeasure,
} from '../../../api/index.js';
import { addMeasureOptions, type MeasureFlags } from '../../options/measure-options.js';
import { numberFrom, wholeNumber } from '../../options/numbers.js';
import { addMachineOptions, addOption, type MachineFlags } from '../../options/options.js';

/** The options of `revela evaluate quality` as typed; what was not typed is missing. */
export interface EvaluateQualityFlags extends MachineFlags, MeasureFlags {
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

/** The measures without a reference; taken from where ONNX Runtime is not loaded, so that help is there at once. */
const names = [scorerMeasure, niqeMeasure, ilNiqeMeasure, brisqueMeasure, clipIqaMeasure, sfdIqaMeasure].map(
  ({ name }) => name,
);

/** `revela evaluate quality`: its options, not its work. */
export function qualityCommand(run: (flags: EvaluateQualityFlags) => Promise<void>): Command {
  const command = new Command('quality')
    .summary('compare measures of quality with what people said')
    .description(
      'Scores pictures with measures that need no reference, and compares the scores with what people said of the pictures: rank and linear correlations with confidence intervals.',
    );

  command.optionsGroup('Pictures:');
  command.addOption(
    new Option(
      '--scores <FILE>',
      'what people said: comma-separated values with a line of titles, then a picture a line; also as TID2013, KADID-10k, KonIQ-10k, PIPAL (its folder of labels), CSIQ (saved as CSV) and LIVE (dmos.mat) come (needed)',
    ).makeOptionMandatory(),
  );
  command.addOption(
    new Option(
      '--images <FOLDER>',
      'where the pictures are, in folders of it too (needed)',
    ).makeOptionMandatory(),
  );
  addOption(
    command,
    '--name-column <TITLE>',
    'the column of the pictures (default: the one titled file, image, name or the like)',
  );
  addOption(
    command,
    '--score-column <TITLE>',
    'the column of the scores (default: the one titled MOS, score or the like)',
  );
  addOption(
    command,
    '--better <WHICH>',
    'which scores of people are good (default: as the database has it that is known; lower for another column titled DMOS, otherwise higher)',
    { choices: ['higher', 'lower'] },
  );
  addOption(command, '--skip-missing', 'leave out names that stand for no picture (default: refuse them)');
  addSelectionOptions(command, 'picture');

  command.optionsGroup('Measuring:');
  addOption(
    command,
    '--metric <NAME>',
    `one of ${names.join(', ')}; several with commas, or given again (default: revela)`,
    { parse: collectedNames },
  );
  addMeasureOptions(command);

  command.optionsGroup('Intervals:');
  addOption(command, '--resamples <N>', 'draws of the bootstrap (default: 1000)', {
    parse: wholeNumber(0, 1_000_000),
  });
  addOption(command, '--confidence <SHARE>', 'of the draws inside of the intervals (default: 0.95)', {
    parse: numberFrom(0.5, 0.9999),
  });
  addOption(command, '--seed <N>', 'of the draws (default: 0)', { parse: wholeNumber(0) });

  command.optionsGroup('Results:');
  addOption(
    command,
    '--report <FILE>',
    'also write a page with scatter plots and the pictures of greatest disagreement (default: do not)',
  );
  addOption(command, '--overwrite', 'replace a page that exists (default: refuse)');
  addOption(command, '--csv', 'write the table as comma-separated values (default: text for people)');
  addMachineOptions(command);
  return command
    .addHelpText(
      'after',
      `
Examples:
  revela evaluate quality --scores mos.csv --images photos/
  revela evaluate quality --scores mos.csv --images photos/ --metric revela,niqe --report quality.html
  revela evaluate quality --scores "kadid/dmos.csv" --images kadid/images \\
    --metric niqe --csv`,
    )
    .action(run);
}
