import { Command } from 'commander';
import type { CalibrateSfdIqaOptions } from '../../../api/index.js';
import { longSideIn } from '../../options/measure-options.js';
import { addMachineOptions, addOption, fileNaming } from '../../options/options.js';

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
    .summary("make a scorer of an SFD training's judges")
    .description(
      'Measures the terms of SFD-IQA on pictures, a fixed set that nobody has judged, and writes a scorer: the judges of a run with what was measured. Its terms weigh alike, and --combine logits needs it.',
    )
    .argument('<PICTURE...>', 'pictures: files, folders, or patterns such as "shots/*.jpg"');
  addOption(command, '--judges <PATH>', 'a run of the stage sfd, or its judges.safetensors (needed)');
  addOption(
    command,
    '--clip <WEIGHTS>',
    `the CLIP that they were trained with, ${fileNaming} (default: the one that the run names)`,
  );
  addOption(
    command,
    '--backbone <WEIGHTS>',
    'the SqueezeNet or AlexNet that they were trained with, likewise',
  );
  addOption(command, '-o, --output <FILE>', "the scorer's file, safetensors (needed)");
  addOption(command, '--overwrite', 'replace a file that exists (default: refuse)');
  addOption(command, '-r, --recursive', 'also take the pictures of folders in folders (default: do not)');
  addOption(
    command,
    '--long-side <PIXELS>',
    'longer pictures are made smaller first; full: none (default: 1024)',
    { parse: longSideIn },
  );
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
