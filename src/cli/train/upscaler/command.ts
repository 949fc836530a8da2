import { Command } from 'commander';
import {
  type NewUpscalerOptions,
  type LpipsNetwork,
  lpipsNetworks,
  mostPatchesPerSquare,
  upscalingPresets,
  upscalingStages,
} from '../../../api/index.js';
import { upscalers } from '../../../api/methods.js';
import { addGameOptions, addHonestOptions } from './game-options.js';
import { wholeNumber } from '../../options/numbers.js';
import {
  addKeyOption,
  addLearningOptions,
  addMachineOptions,
  addOption,
  type KeyFlags,
  weightsNaming,
} from '../../options/options.js';
import { addRecipeOptions } from '../../options/recipe-options.js';
import { addRunOptions, type RunFlags } from '../../options/run-options.js';

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
  revela train upscaler photos/ --output runs/pixel --minutes 120 --validation set5/
  revela train upscaler photos/ --output runs/natural --weight-lpips 0.1     after revela models pull
                                                 squeezenet1_1 lpips-squeeze
  revela train upscaler photos/ --stage sfd --from runs/pixel --clip RN50 --vgg vgg19 \\
    --output runs/sfd --minutes 600
  revela train upscaler --resume runs/sfd        goes on after Ctrl-C, to the same numbers
  revela upscale small.jpg --weights runs/sfd/weights.safetensors`;

/** `revela train upscaler`: its options, not its work. */
export function trainUpscalerCommand(
  run: (inputs: readonly string[], flags: TrainUpscalerFlags) => Promise<void>,
): Command {
  const command = new Command('upscaler')
    .summary('train an upscaler on good pictures')
    .description(
      'Trains an upscaler on large pictures of good quality and writes its weights, with checkpoints and records, into a run folder. Ctrl-C saves; --resume goes on.',
    )
    .argument('[PICTURE...]', 'files, folders, or patterns such as "shots/*.png"');
  addRunOptions(command);
  addOption(
    command,
    '--stage <NAME>',
    'pixel: learn each pixel; sfd: learn to look real, from what pixel has learnt (default: pixel)',
    { choices: upscalingStages },
  );
  addOption(
    command,
    '--leave-out-noisy',
    'leave out pictures that are noisy when they are measured (default: tell them)',
  );
  addOption(
    command,
    '--from <PATH>',
    `start from these weights: ${weightsNaming} (default: from a new network)`,
  );
  addKeyOption(command);
  addOption(command, '--licence <TEXT>', 'terms of the weights, kept in their file (default: unknown)');
  addLearningOptions(
    command,
    {
      minutes: 'no limit',
      steps: 'those of the preset, unless --minutes is given',
      rate: 'that of the preset; pixel: 0.001, sfd: 0.0001',
      patch: 'that of the preset; classical: 128',
      batch: 'that of the preset; pixel: 8, sfd: 4',
    },
    {
      method: false,
      network: 'srvggnet',
      networks: upscalers,
      sizes: {
        width: 'by the network; 64',
        depth: 'by the network; 16 for srvggnet, 23 for rrdbnet; span has none to choose',
        patch: 'of the large picture, a multiple of the scale',
      },
    },
  );
  addOption(command, '--scale <N>', 'how many times as high and wide pictures become (default: 4)', {
    parse: wholeNumber(1, 4),
  });
  addRecipeOptions(command, {
    presets: Object.keys(upscalingPresets),
    presetText: `what small pictures are like: ${Object.entries(upscalingPresets)
      .map(([name, { title }]) => `${name}: ${title}`)
      .join('; ')} (default: classical)`,
    clip: '--clip-gradients',
  });
  addOption(
    command,
    '--patches-per-square <N>',
    'of --preset real-world: how many patches are cut from each square that is degraded (default: 4 for the stage pixel, 1 for sfd)',
    { parse: wholeNumber(1, mostPatchesPerSquare) },
  );
  addHonestOptions(command);
  addGameOptions(command);
  command.optionsGroup('Validation:');
  addOption(
    command,
    '--validation <PATH>',
    'large pictures to measure on, by PSNR and SSIM of the luma (default: the loss on pictures learnt from)',
  );
  addOption(
    command,
    '--validation-lpips <NAME>',
    'measure them by LPIPS as well, through alex, vgg or squeeze, whose files revela models pull brings',
    { choices: lpipsNetworks },
  );
  addOption(command, '--validate-every <STEPS>', 'steps between two validations (default: about 20 in all)', {
    parse: wholeNumber(1),
  });
  addMachineOptions(command);
  return command.addHelpText('after', examples).action(run);
}
