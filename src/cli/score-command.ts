import { Command } from 'commander';
import { measureNames } from '../library/index.js';
import { collectedNames } from './collected.js';
import { addMeasureOptions, type MeasureFlags } from './measure-options.js';
import { addMachineOptions, addOption, type MachineFlags } from './options.js';

/** The options of `revela score` as typed; what was not typed is missing. */
export interface ScoreFlags extends MachineFlags, MeasureFlags {
  readonly metric?: readonly string[];
  readonly list?: boolean;
  readonly recursive?: boolean;
  readonly record?: string;
  readonly sort?: boolean;
  readonly bestOf?: boolean;
  readonly csv?: boolean;
  readonly map?: string;
  readonly overwrite?: boolean;
}

/** `revela score`: its options, not its work. */
export function scoreCommand(run: (inputs: readonly string[], flags: ScoreFlags) => Promise<void>): Command {
  const command = new Command('score')
    .description(
      'Scores photographs without a reference and ranks them. What cannot be scored is left out and listed in the end.',
    )
    .argument('[PICTURE...]', 'files, folders, or patterns such as "shots/*.jpg"');

  command.optionsGroup('Scoring:');
  addOption(
    command,
    '--metric <NAME>',
    `one of ${measureNames.join(', ')}; several with commas, or given again: the first one ranks (default: revela)`,
    { parse: collectedNames },
  );
  addOption(command, '--list', 'say what the measures are, their ranges, what they need (default: do not)');
  addOption(command, '-r, --recursive', 'also take the pictures of folders in folders (default: do not)');
  addOption(
    command,
    '--record <FILE>',
    'note each score there at once, and take from it those of pictures that have not changed: the same command goes on where it was stopped (default: none)',
  );

  command.optionsGroup('Results:');
  addOption(command, '--sort', 'the best first (default: by name)');
  addOption(command, '--best-of', 'name the best picture, and nothing else (default: all)');
  addOption(command, '--csv', 'write the table as comma-separated values (default: text for people)');
  addOption(
    command,
    '--map <PATH>',
    'write where the picture is good (blue) and bad (red) by the first measure: a picture, or for several pictures a folder of PNG files (default: do not)',
  );
  addOption(command, '--overwrite', 'replace maps that exist (default: refuse)');

  addMeasureOptions(command);
  addMachineOptions(command);
  return command
    .addHelpText(
      'after',
      `
Examples:
  revela score photo.jpg
  revela score photos/ --sort --record scores.jsonl
  revela score --best-of burst/*.jpg
  revela score photos/ --metric revela,niqe --csv > scores.csv
  revela score photo.jpg --map where.png
  revela score --list`,
    )
    .action(run);
}
