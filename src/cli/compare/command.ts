import { Command } from 'commander';
import { type LpipsNetwork, lpipsNetworks, referenceMeasures } from '../../api/index.js';
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
    .argument('<A>', 'a picture, or a folder or pattern such as "out/*.png"')
    .argument('<B>', 'its reference, or a folder or pattern of references');

  command.optionsGroup('Measuring:');
  addOption(
    command,
    '-m, --metric <NAME>',
    `${measures}, lpips, or several, separated by commas (default: psnr,ssim)`,
    { parse: collectedNames },
  );
  addOption(
    command,
    '--border <PIXELS>',
    'pixels left out on every side; papers use the scale (default: 0)',
    { parse: wholeNumber(0, 65_536) },
  );
  addRecursiveOption(command);

  command.optionsGroup('Weights of lpips and dists:');
  addOption(command, '--network <NAME>', 'the network of lpips (default: alex)', {
    choices: lpipsNetworks,
  });
  addOption(
    command,
    '--lpips-weights <WEIGHTS>',
    `LPIPS's own weights: ${fileNaming} (default: lpips-NETWORK)`,
  );
  addOption(
    command,
    '--lpips-backbone <WEIGHTS>',
    "torchvision's weights of the network (default: alexnet, vgg16 or squeezenet1_1)",
  );
  addOption(command, '--dists-weights <WEIGHTS>', "DISTS's own weights (default: dists)");
  addOption(command, '--dists-backbone <WEIGHTS>', "torchvision's weights of VGG16 (default: vgg16)");

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
