import { Command } from 'commander';
import { type distillOptions, distillParts } from '../../api/options.js';
import { type FlagsOf, retold } from '../../options/index.js';
import type { KeyFlags } from '../options/common-options.js';
import { networksNamed } from '../options/learning.js';
import { addTrainingOptions, type RunFlags } from '../options/run-options.js';
import { togetherOptions } from '../options/team-options.js';

/** The options of `revela distill` as typed; what was not typed is missing. */
export type DistillFlags = FlagsOf<typeof distillOptions> & RunFlags & KeyFlags;

const examples = `
Examples:
  revela distill photos/ --teacher sdap.safetensors -o runs/student --minutes 30
  revela distill photos/ --teacher runs/amsnet --variants pd2,pd2+draw1,pd3 -o runs/student`;

/** `revela distill`: its options, not its work. */
export function distillCommand(
  run: (inputs: readonly string[], flags: DistillFlags) => Promise<void>,
): Command {
  const command = new Command('distill')
    .description(
      'Trains a small, fast network (the student) to give in one pass what a trained denoiser (the teacher) gives in several. Ctrl-C saves; --resume continues.',
    )
    .argument('[PICTURE...]', 'files, folders, or patterns such as "shots/*.jpg"');

  const learning = retold(distillParts.learning, networksNamed());
  addTrainingOptions(command, { ...distillParts, learning, machines: togetherOptions }, 'teacher');
  return command.addHelpText('after', examples).action(run);
}
