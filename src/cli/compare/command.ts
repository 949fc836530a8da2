import { Command } from 'commander';
import { comparingOptions, distanceFamilies, referenceMeasures } from '../../api/choices.js';
import { collectedNames } from '../options/collected.js';
import { addMeasureOptions } from '../options/measure-options.js';
import { wholeNumber } from '../options/numbers.js';
import {
  addCsvOption,
  addMachineOptions,
  addOption,
  addRecursiveOption,
  fileNaming,
  type MachineFlags,
} from '../options/options.js';

/** The options of `revela compare` as typed, and those of measures; what was not typed is missing. */
export interface CompareFlags extends MachineFlags {
  readonly metric?: readonly string[];
  readonly border?: number;
  /** By which network the measures of a family look. */
  readonly network?: string;
  readonly recursive?: boolean;
  readonly csv?: boolean;
}

const families = distanceFamilies.map(({ family }) => family);
const measures = [
  ...referenceMeasures
    .map(({ name }) => name)
    .filter((name) => !families.some((one) => name.startsWith(one))),
  ...families,
].join(', ');

/** Adds the options of the files of measures that look through a network. */
function addFileOptions(command: Command): void {
  command.optionsGroup(`Weights of ${families.join(' and ')}:`);
  for (const { family, members } of distanceFamilies) {
    const networks = members.map(({ distance }) => distance);
    const [first] = members;
    if (first === undefined) continue;
    const several = members.length > 1;
    if (several)
      addOption(command, '--network <NAME>', `of ${family} (default: ${first.distance})`, {
        choices: networks,
      });
    const usual = several ? `${family}-NETWORK` : first.files.weights;
    addOption(command, `--${family}-weights <WEIGHTS>`, `${fileNaming} (default: ${usual})`);
    const backbones = members.map(({ files }) => files.backbone).join(', ');
    addOption(command, `--${family}-backbone <WEIGHTS>`, `its network (default: ${backbones})`);
  }
}

/** `revela compare`: its options, not its work. */
export function compareCommand(
  run: (picture: string, reference: string, flags: CompareFlags) => Promise<void>,
): Command {
  const command = new Command('compare')
    .description(
      'Measures how close pictures are to references of the same size: two files, or folders paired by name.',
    )
    .argument('<A>', 'a picture, folder or pattern such as "out/*.png"')
    .argument('<B>', 'its reference, a folder or a pattern');

  command.optionsGroup('Measuring:');
  addOption(command, '-m, --metric <NAME>', `${measures}; several with commas (default: psnr,ssim)`, {
    parse: collectedNames,
  });
  addOption(command, '--border <PIXELS>', 'pixels left out on every side (default: 0)', {
    parse: wholeNumber(0, 65_536),
  });
  addRecursiveOption(command);

  addFileOptions(command);
  addMeasureOptions(command, comparingOptions);

  command.optionsGroup('Results:');
  addCsvOption(command);
  addMachineOptions(command);
  return command
    .addHelpText(
      'after',
      `
Examples:
  revela compare denoised.png clean.png
  revela compare "out/*.x4.png" hr/ -m psnr-y,ssim-y --border 4
  revela compare out/ clean/ -m lpips,dists --csv > scores.csv`,
    )
    .action(run);
}
