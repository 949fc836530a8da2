import { Command } from 'commander';
import { machineOptions, upscaleOptions } from '../../api/options.js';
import { type FlagsOf, retold, without } from '../../options/index.js';
import { addOptions } from '../options/add-options.js';
import {
  addMachineOptions,
  computingOptions,
  keyOptions,
  resultOptions,
  scoreOptions,
} from '../options/common-options.js';

/** What only the command has. */
const ownOptions = { ...resultOptions, ...scoreOptions, ...keyOptions, ...computingOptions };

/** The options of `revela upscale` as typed; what was not typed is missing. */
export type UpscaleFlags = FlagsOf<typeof upscaleOptions & typeof ownOptions>;

const examples = `
Examples:
  revela upscale photo.jpg                  writes photo.x4.jpg
  revela upscale grainy.jpg --denoise 40    keeps more of the grain
  revela upscale shots/ -w realesr-animevideov3.pth -o large/`;

/** `revela upscale`: its options, not its work. */
export function upscaleCommand(
  run: (inputs: readonly string[], flags: UpscaleFlags) => Promise<void>,
): Command {
  const command = new Command('upscale')
    .description(
      'Enlarges photographs by a network: one of the two that come with revela, your own, or weights of Real-ESRGAN, BSRGAN, ESRGAN and SPAN.',
    )
    .argument('<PICTURE...>', 'files, folders, patterns such as "shots/*.jpg", or -');
  addOptions(command, 'Results:', {
    ...retold(resultOptions, { output: { usual: 'NAME.x4.EXT' } }),
    ...scoreOptions,
  });
  const { weights, ...enlarging } = without(upscaleOptions, machineOptions);
  addOptions(command, 'Enlarging:', { weights, ...keyOptions, ...enlarging });
  addMachineOptions(command);
  return command.addHelpText('after', examples).action(run);
}
