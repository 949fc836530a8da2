import { Command } from 'commander';
import { lpipsNetworks, referenceMeasures } from '../../api/choices.js';
import type { LpipsNetwork } from '../../api/index.js';
import { collectedNames } from '../options/collected.js';
import { wholeNumber } from '../options/numbers.js';
import {
  addCsvOption,
  addMachineOptions,
  addOption,
  addRecursiveOption,
  fileNaming,
  type MachineFlags,
} from '../options/options.js';

/** The options of `revela compare` as typed; what was not typed is missing. */
export interface CompareFlags extends MachineFlags {
  readonly metric?: readonly string[];
  readonly border?: number;
  readonly network?: LpipsNetwork;
  readonly lpipsWeights?: string;
  readonly lpipsBackbone?: string;
  readonly distsWeights?: string;
  readonly distsBackbone?: string;
  readonly recursive?: boolean;
  readonly csv?: boolean;
}

const measures = referenceMeasures
  .map(({ name }) => name)
  .filter((name) => !name.startsWith('lpips-'))
  .join(', ');

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
  addOption(command, '-m, --metric <NAME>', `${measures}, lpips; several with commas (default: psnr,ssim)`, {
    parse: collectedNames,
  });
  addOption(command, '--border <PIXELS>', 'pixels left out on every side (default: 0)', {
    parse: wholeNumber(0, 65_536),
  });
  addRecursiveOption(command);

  command.optionsGroup('Weights of lpips and dists:');
  addOption(command, '--network <NAME>', 'of lpips: alex, vgg or squeeze (default: alex)', {
    choices: lpipsNetworks,
  });
  addOption(command, '--lpips-weights <WEIGHTS>', `${fileNaming} (default: lpips-NETWORK)`);
  addOption(command, '--lpips-backbone <WEIGHTS>', 'its network (default: alexnet, vgg16, squeezenet1_1)');
  addOption(command, '--dists-weights <WEIGHTS>', `${fileNaming} (default: dists)`);
  addOption(command, '--dists-backbone <WEIGHTS>', 'its network (default: vgg16)');

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
