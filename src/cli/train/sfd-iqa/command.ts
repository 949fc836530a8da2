import { Command } from 'commander';
import { calibrateSfdIqaOptions } from '../../../api/options.js';
import { type FlagsOf, retold } from '../../../options/index.js';
import { addOptions } from '../../options/add-options.js';
import { addMachineOptions, type MachineFlags } from '../../options/common-options.js';
import { fileNaming } from '../../options/common-options.js';

const { judges, clip, backbone, output, overwrite, recursive, longSide } = calibrateSfdIqaOptions;
const calibrating = retold(
  { judges, clip, backbone, output, overwrite, recursive, longSide },
  {
    clip: { words: `the CLIP of that run, ${fileNaming}`, usual: 'the one it names' },
    backbone: { words: 'the SqueezeNet or AlexNet of that run', usual: 'the one it names' },
    longSide: { words: 'reduce longer pictures to this; full: never' },
  },
);

/** The options of `revela train sfd-iqa` as typed; what was not typed is missing. */
export type TrainSfdIqaFlags = MachineFlags & FlagsOf<typeof calibrating>;

/** `revela train sfd-iqa`: its options, not its work. */
export function trainSfdIqaCommand(
  run: (inputs: readonly string[], flags: TrainSfdIqaFlags) => Promise<void>,
): Command {
  const command = new Command('sfd-iqa')
    .summary('calibrate SFD-IQA with an SFD training')
    .description(
      'Measures the terms of SFD-IQA on a set of pictures, and writes a file with that and the discriminators of a run: by it SFD-IQA standardises its terms. --combine logits needs it.',
    )
    .argument('<PICTURE...>', 'pictures: files, folders, or patterns such as "shots/*.jpg"');
  addOptions(command, undefined, calibrating);
  addMachineOptions(command);
  return command
    .addHelpText(
      'after',
      `
Examples:
  revela train sfd-iqa photos/ --judges runs/sfd --output sfd-iqa.safetensors
  revela score photo.jpg --metric sfd-iqa --judges sfd-iqa.safetensors --clip RN50`,
    )
    .action((inputs: readonly string[], flags: TrainSfdIqaFlags) => run(inputs, flags));
}
