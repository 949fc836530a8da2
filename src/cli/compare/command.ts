import { Command } from 'commander';
import { distanceFamilies } from '../../api/choices.js';
import { compareOptions, comparingOptions } from '../../api/options.js';
import { choice, type FlagsOf, type Options, text } from '../../options/index.js';
import { addOptions } from '../options/add-options.js';
import {
  addMachineOptions,
  csvOptions,
  type MachineFlags,
  recursiveOptions,
} from '../options/common-options.js';
import { addMeasureOptions } from '../options/measure-options.js';
import { fileNaming } from '../options/common-options.js';

const measuring = { ...compareOptions, ...recursiveOptions };

/** The options of `revela compare` as typed, and those of measures; what was not typed is missing. */
export interface CompareFlags extends MachineFlags, FlagsOf<typeof measuring & typeof csvOptions> {
  /** By which network the measures of a family look. */
  readonly network?: string;
}

/** The options of the files of measures that look through a network. */
const fileFlags: Options = Object.assign(
  {},
  ...distanceFamilies.map(({ family, members }): Options => {
    const networks = members.map(({ distance }) => distance);
    const [first] = members;
    const several = members.length > 1;
    const usual = several ? `${family}-NETWORK` : (first?.files.weights ?? '');
    const backbones = members.map(({ files }) => files.backbone).join(', ');
    return {
      ...(several && {
        network: choice(networks, { words: `of ${family}`, usual: first?.distance ?? '' }),
      }),
      [`${family}Weights`]: text({ value: 'WEIGHTS', words: fileNaming, usual }),
      [`${family}Backbone`]: text({ value: 'WEIGHTS', words: 'its network', usual: backbones }),
    };
  }),
);

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

  addOptions(command, 'Measuring:', measuring);
  const families = distanceFamilies.map(({ family }) => family);
  addOptions(command, `Weights of ${families.join(' and ')}:`, fileFlags);
  addMeasureOptions(command, comparingOptions);

  addOptions(command, 'Results:', csvOptions);
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
