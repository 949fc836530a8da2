import { Command } from 'commander';
import { burstOptions, metricsOptions, scorePicturesOptions } from '../../api/options.js';
import { flag, flagOrText, type FlagsOf, number, path, retold } from '../../options/index.js';
import { addOptions } from '../options/add-options.js';
import {
  addMachineOptions,
  csvOptions,
  type MachineFlags,
  overwriteOptions,
  recursiveOptions,
  shardOptions,
} from '../options/common-options.js';
import { addMeasureOptions } from '../options/measure-options.js';

const scoringFlags = {
  ...metricsOptions,
  list: flag({ words: 'describe the metrics and what they need' }),
  ...recursiveOptions,
  ...shardOptions,
  record: scorePicturesOptions.record,
};

const resultFlags = {
  sort: flag({ words: 'list the best first', usual: 'by name' }),
  ...csvOptions,
  map: path({ value: 'PATH', words: 'write where pictures are good (blue) and bad (red)' }),
  failBelow: number({ from: -1e9, to: 1e9, words: 'exit with 3 if a picture scores worse than N' }),
  ...retold(overwriteOptions, { overwrite: { words: 'replace existing maps and ratings' } }),
};

const { gap, likeness } = burstOptions;
const cullingFlags = {
  bestOf: flag({ words: 'find bursts, and name the best of each' }),
  gap,
  likeness,
  /** What is written, or `true` for the usual. */
  xmp: flagOrText({
    value: '[KIND]',
    words: 'write XMP sidecars: stars, rejections or both; write --xmp=stars',
    usual: 'both',
  }),
};

/** The options of `revela score` as typed, and those of measures; what was not typed is missing. */
export type ScoreFlags = MachineFlags &
  FlagsOf<typeof scoringFlags & typeof resultFlags & typeof cullingFlags>;

/** `revela score`: its options, not its work. */
export function scoreCommand(run: (inputs: readonly string[], flags: ScoreFlags) => Promise<void>): Command {
  const command = new Command('score')
    .description('Scores photographs without a reference and ranks them; names the best of each burst.')
    .argument('[PICTURE...]', 'files, folders, or patterns such as "shots/*.jpg"');

  addOptions(command, 'Scoring:', scoringFlags);
  addOptions(command, 'Results:', resultFlags);
  addOptions(command, 'Culling:', cullingFlags);
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
