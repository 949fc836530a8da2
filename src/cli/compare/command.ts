import { Command } from 'commander';
import { type LpipsNetwork, lpipsNetworks, referenceMeasures } from '../../api/index.js';
import { collectedNames } from '../options/collected.js';
import { wholeNumber } from '../options/numbers.js';
import { addMachineOptions, addOption, type MachineFlags, fileNaming } from '../options/options.js';

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
      'Measures how near pictures come to references of the same size: two files, or folders whose pictures belong together by their names.',
    )
    .argument('<A>', 'a picture, or a folder or pattern such as "out/*.png"')
    .argument('<B>', 'its reference, or a folder or pattern of references');

  command.optionsGroup('Measuring:');
  addOption(
    command,
    '--metric <NAME>',
    `one of ${measures}, lpips; several with commas, or given again (default: psnr,ssim)`,
    { parse: collectedNames },
  );
  addOption(
    command,
    '--border <PIXELS>',
    'what is left out on every side; papers on upscaling leave out as many as the scale (default: 0)',
    { parse: wholeNumber(0, 65_536) },
  );
  addOption(command, '-r, --recursive', 'also take the pictures of folders in folders (default: do not)');

  command.optionsGroup('Weights of lpips and dists:');
  addOption(command, '--network <NAME>', 'what lpips looks through (default: alex)', {
    choices: lpipsNetworks,
  });
  addOption(
    command,
    '--lpips-weights <WEIGHTS>',
    `heads of LPIPS: ${fileNaming} (default: lpips-alex, or that of the network)`,
  );
  addOption(
    command,
    '--lpips-backbone <WEIGHTS>',
    "torchvision's weights of that network (default: alexnet, vgg16 or squeezenet1_1)",
  );
  addOption(command, '--dists-weights <WEIGHTS>', 'weights of DISTS (default: dists)');
  addOption(command, '--dists-backbone <WEIGHTS>', "torchvision's weights of VGG16 (default: vgg16)");

  command.optionsGroup('Results:');
  addOption(command, '--csv', 'write the table as comma-separated values (default: text for people)');
  addMachineOptions(command);
  return command
    .addHelpText(
      'after',
      `
Examples:
  revela compare denoised.png clean.png
  revela compare out/ clean/ --metric psnr,ssim,ms-ssim --csv > scores.csv
  revela compare "out/*.x4.png" hr/ --metric psnr-y,ssim-y --border 4
  revela compare out/ clean/ --metric lpips --network alex --metric dists`,
    )
    .action(run);
}
