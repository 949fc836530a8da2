import { Command } from 'commander';
import type { CalibrateSfdIqaOptions } from '../../../api/index.js';
import { pixelsIn } from '../../options/measure-options.js';
import {
  addMachineOptions,
  addOption,
  addOverwriteOption,
  addRecursiveOption,
  fileNaming,
} from '../../options/options.js';

/** The options of `revela train sfd-iqa` as typed; what was not typed is missing. */
export interface TrainSfdIqaFlags
  extends Partial<Omit<CalibrateSfdIqaOptions, 'pictures' | 'onProgress' | 'signal'>> {
  readonly json?: boolean;
}

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
  addOption(command, '--judges <PATH>', 'a run of train upscaler --stage sfd (required)');
  addOption(command, '--clip <WEIGHTS>', `the CLIP of that run, ${fileNaming} (default: the one it names)`);
  addOption(
    command,
    '--backbone <WEIGHTS>',
    'the SqueezeNet or AlexNet of that run (default: the one it names)',
  );
  addOption(command, '-o, --output <FILE>', 'the file, .safetensors (required)');
  addOverwriteOption(command);
  addRecursiveOption(command);
  addOption(command, '--long-side <PIXELS>', 'reduce longer pictures to this; full: never (default: 1024)', {
    parse: pixelsIn({ least: 32, word: 'full' }),
  });
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
