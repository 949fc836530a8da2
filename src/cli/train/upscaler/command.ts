import { Command } from 'commander';
import { upscalers } from '../../../api/choices.js';
import { type trainUpscalerOptions, upscalerParts } from '../../../api/options.js';
import { type FlagsOf, retold } from '../../../options/index.js';
import type { KeyFlags } from '../../options/common-options.js';
import { networksNamed } from '../../options/learning.js';
import { addTrainingOptions, type RunFlags } from '../../options/run-options.js';

/** The options of `revela train upscaler` as typed; what was not typed is missing. */
export type TrainUpscalerFlags = FlagsOf<typeof trainUpscalerOptions> & RunFlags & KeyFlags;

const examples = `
Examples:
  revela train upscaler photos/ -o runs/pixel --minutes 120 --validation set5/
  revela train upscaler photos/ -o runs/natural --weight-lpips 0.1
  revela train upscaler photos/ --stage sfd --from runs/pixel --clip RN50 --vgg vgg19 -o runs/sfd
  revela train upscaler --resume runs/sfd        continues after Ctrl-C, to the same numbers`;

/** `revela train upscaler`: its options, not its work. */
export function trainUpscalerCommand(
  run: (inputs: readonly string[], flags: TrainUpscalerFlags) => Promise<void>,
): Command {
  const command = new Command('upscaler')
    .summary('train an upscaler')
    .description(
      'Trains an upscaler on large, good pictures, and writes a run folder. Ctrl-C saves; --resume continues. What each loss and option means: docs/sfd.md.',
    )
    .argument('[PICTURE...]', 'files, folders, or patterns such as "shots/*.png"');
  const learning = retold(upscalerParts.learning, networksNamed(upscalers));
  addTrainingOptions(command, { ...upscalerParts, learning }, 'from');
  return command.addHelpText('after', examples).action(run);
}
