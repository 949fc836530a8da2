import { Command } from 'commander';
import {
  lpipsNetworks,
  mostPatchesPerSquare,
  upscalers,
  upscalingPresets,
  upscalingStages,
} from '../../../api/choices.js';
import type { LpipsNetwork, NewUpscalerOptions } from '../../../api/index.js';
import { wholeNumber } from '../../options/numbers.js';
import { addLearningOptions } from '../../options/learning-options.js';
import {
  addKeyOption,
  addMachineOptions,
  addOption,
  type KeyFlags,
  weightsNaming,
} from '../../options/options.js';
import { addRecipeOptions, addValidateEveryOption } from '../../options/recipe-options.js';
import { addRunOptions, type RunFlags } from '../../options/run-options.js';
import { addGameOptions, addHonestOptions } from './game-options.js';

/** The options of `revela train upscaler` as typed; what was not typed is missing. */
export interface TrainUpscalerFlags
  extends Omit<
      NewUpscalerOptions,
      'pictures' | 'discriminators' | 'lossWeights' | 'lpips' | 'validationLpips'
    >,
    RunFlags,
    KeyFlags {
  readonly discriminator?: NewUpscalerOptions['discriminators'];
  readonly lpips?: LpipsNetwork;
  readonly validationLpips?: LpipsNetwork;
  readonly weightPixel?: number;
  readonly weightLpips?: number;
  readonly weightPerceptual?: number;
  readonly weightFeature?: number;
  readonly weightPrompt?: number;
  readonly weightImage?: number;
}

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
  addRunOptions(command);
  addOption(command, '--stage <NAME>', 'pixel, or sfd: learn to look real (default: pixel)', {
    choices: upscalingStages,
  });
  addOption(command, '--leave-out-noisy', 'leave out noisy pictures');
  addOption(command, '--from <PATH>', `start from a ${weightsNaming} (default: a new network)`);
  addKeyOption(command);
  addOption(command, '--teacher <PATH>', 'learn what these weights make, not the large pictures');
  addOption(command, '--spoilt-teacher <PATH>', 'of preset mixed: and these, of its real-world half');
  addOption(command, '--licence <TEXT>', 'licence stored in the weights (default: unknown)');
  addLearningOptions(
    command,
    {
      minutes: 'no limit',
      steps: 'by the preset',
      rate: 'by the preset',
      patch: 'by the preset',
      batch: 'by the preset',
    },
    {
      method: false,
      network: 'srvggnet',
      networks: upscalers,
      sizes: {
        width: 'its own',
        depth: 'its own',
        patch: ', a multiple of the scale',
      },
    },
  );
  addOption(command, '-s, --scale <N>', 'how many times to enlarge, 1 to 4 (default: 4)', {
    parse: wholeNumber(1, 4),
  });
  addRecipeOptions(command, {
    presets: Object.keys(upscalingPresets),
    presetText: `small pictures; ${Object.entries(upscalingPresets)
      .map(([name, { title }]) => `${name}: ${title}`)
      .join('; ')} (default: classical)`,
    clip: '--clip-gradients',
  });
  addOption(command, '--patches-per-square <N>', 'of real-world (default: 4; 1 for sfd)', {
    parse: wholeNumber(1, mostPatchesPerSquare),
  });
  addHonestOptions(command);
  addGameOptions(command);
  command.optionsGroup('Validation:');
  addOption(command, '--validation <PATH>', 'large pictures to measure on (default: none)');
  addOption(command, '--validation-lpips <NAME>', 'measure LPIPS too', { choices: lpipsNetworks });
  addValidateEveryOption(command);
  addMachineOptions(command);
  return command.addHelpText('after', examples).action(run);
}
