import { Command } from 'commander';
import { burstDefaults, measureNames } from '../../api/index.js';
import { collectedNames } from '../options/collected.js';
import { addMeasureOptions, type MeasureFlags } from '../options/measure-options.js';
import { numberFrom } from '../options/numbers.js';
import { addMachineOptions, addOption, type MachineFlags } from '../options/options.js';

/** The options of `revela score` as typed; what was not typed is missing. */
export interface ScoreFlags extends MachineFlags, MeasureFlags {
  readonly metric?: readonly string[];
  readonly list?: boolean;
  readonly recursive?: boolean;
  readonly record?: string;
  readonly sort?: boolean;
  readonly bestOf?: boolean;
  readonly gap?: number;
  readonly likeness?: number;
  /** What is written, or `true` for the usual. */
  readonly xmp?: string | true;
  readonly failBelow?: number;
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
  addOption(command, '--csv', 'write the table as comma-separated values (default: text for people)');
  addOption(
    command,
    '--map <PATH>',
    'write where the picture is good (blue) and bad (red) by the first measure: a picture, or for several pictures a folder of PNG files (default: do not)',
  );
  addOption(
    command,
    '--fail-below <N>',
    'end with the exit code 3 where a picture is worse than N by the first measure: above it where low is good (default: do not)',
    { parse: numberFrom(-1e9, 1e9) },
  );
  addOption(
    command,
    '--overwrite',
    'replace maps that exist, and set the rating in sidecars that exist (default: refuse)',
  );

  command.optionsGroup('Culling:');
  addOption(
    command,
    '--best-of',
    'group the pictures into bursts, by time and likeness, and name the best of each (default: score all alike)',
  );
  addOption(
    command,
    '--gap <SECONDS>',
    `most time between a picture of a burst and the next (default: ${burstDefaults.gap})`,
    { parse: numberFrom(0, 1e9) },
  );
  addOption(
    command,
    '--likeness <N>',
    `how alike these must be, from 0 to 1 (default: ${burstDefaults.likeness})`,
    { parse: numberFrom(0, 1) },
  );
  addOption(
    command,
    '--xmp [KIND]',
    'write ratings of the pictures of bursts beside them, as XMP: stars (5 for the best), rejections (of the others) or both; a word behind it is KIND, so put it after the pictures (default: do not; KIND: both)',
  );

  addMeasureOptions(command);
  addMachineOptions(command);
  return command
    .addHelpText(
      'after',
      `
Examples:
  revela score photo.jpg
  revela score photos/ --sort --record scores.jsonl
  revela score shots/ --best-of                                 the best of each burst
  revela score shots/ --best-of --gap 2 --xmp rejections        marks the others as rejected
  revela score shots/ --metric niqe --fail-below 6              for scripts: exit code 3 where one is worse
  revela score photos/ --metric revela,niqe --csv > scores.csv
  revela score photo.jpg --map where.png
  revela score --list`,
    )
    .action(run);
}
