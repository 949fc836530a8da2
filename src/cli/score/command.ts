import { Command } from 'commander';
import { burstDefaults, measureNames } from '../../api/choices.js';
import { collectedNames } from '../options/collected.js';
import { addMeasureOptions } from '../options/measure-options.js';
import { numberFrom } from '../options/numbers.js';
import {
  addCsvOption,
  addMachineOptions,
  addOption,
  addOverwriteOption,
  addRecursiveOption,
  type MachineFlags,
} from '../options/options.js';
import { addShardOption, type ShardFlags } from '../options/shard-option.js';

/** The options of `revela score` as typed, and those of measures; what was not typed is missing. */
export interface ScoreFlags extends MachineFlags, ShardFlags {
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
    .description('Scores photographs without a reference and ranks them; names the best of each burst.')
    .argument('[PICTURE...]', 'files, folders, or patterns such as "shots/*.jpg"');

  command.optionsGroup('Scoring:');
  addOption(
    command,
    '-m, --metric <NAME>',
    `${measureNames.join(', ')}; several with commas (default: revela)`,
    { parse: collectedNames },
  );
  addOption(command, '--list', 'describe the metrics and what they need');
  addRecursiveOption(command);
  addShardOption(command);
  addOption(command, '--record <FILE>', 'keep the scores in this file, and resume from it');

  command.optionsGroup('Results:');
  addOption(command, '--sort', 'list the best first (default: by name)');
  addCsvOption(command);
  addOption(command, '--map <PATH>', 'write where pictures are good (blue) and bad (red)');
  addOption(command, '--fail-below <N>', 'exit with 3 if a picture scores worse than N', {
    parse: numberFrom(-1e9, 1e9),
  });
  addOverwriteOption(command, 'replace existing maps and ratings');

  command.optionsGroup('Culling:');
  addOption(command, '--best-of', 'find bursts, and name the best of each');
  addOption(command, '--gap <SECONDS>', `longest time between two pictures (default: ${burstDefaults.gap})`, {
    parse: numberFrom(0, 1e9),
  });
  addOption(
    command,
    '--likeness <N>',
    `how alike they must be, 0 to 1 (default: ${burstDefaults.likeness})`,
    { parse: numberFrom(0, 1) },
  );
  addOption(
    command,
    '--xmp [KIND]',
    'write XMP sidecars: stars, rejections or both (default: both); write --xmp=stars',
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
  revela score shots/ --best-of --xmp                  the best of each burst, with ratings
  revela score photos/ -m revela,niqe --csv > scores.csv`,
    )
    .action(run);
}
