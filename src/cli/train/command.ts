import { Command } from 'commander';
import { denoisingMethods, supervisedMethods } from '../../api/methods.js';
import type { NewRunOptions } from '../../api/index.js';
import {
  addKeyOption,
  addLearningOptions,
  addMachineOptions,
  addOption,
  type KeyFlags,
  weightsNaming,
} from '../options/options.js';
import { addRecipeOptions, addValidationOptions } from '../options/recipe-options.js';
import { addRunOptions, type RunFlags } from '../options/run-options.js';
import { type FittedMeasure, type TrainNiqeFlags, trainNiqeCommand } from './niqe/command.js';
import { type TrainScorerFlags, trainScorerCommand } from './scorer/command.js';
import { type TrainSfdIqaFlags, trainSfdIqaCommand } from './sfd-iqa/command.js';
import { type TrainUpscalerFlags, trainUpscalerCommand } from './upscaler/command.js';

/** The options of `revela train denoiser` as typed; what was not typed is missing. */
export interface TrainDenoiserFlags extends Omit<NewRunOptions, 'pictures'>, RunFlags, KeyFlags {}

const examples = `
Examples:
  revela train denoiser photos/ --output runs/garden --minutes 60
  revela train denoiser --resume runs/garden     goes on after Ctrl-C, to the same numbers
  revela train denoiser sidd/ --output runs/sdap --preset paper --base-channels 128 --modules 9 \\
    --validation-noisy val/noisy --validation-clean val/clean
  revela train denoiser clean/ --method supervised --output runs/general --minutes 600
  tensorboard --logdir runs                      shows the curves`;

/** `revela train`: its options, not its work. */
export function trainCommand(
  runDenoiser: (inputs: readonly string[], flags: TrainDenoiserFlags) => Promise<void>,
  runUpscaler: (inputs: readonly string[], flags: TrainUpscalerFlags) => Promise<void>,
  runScorer: (inputs: readonly string[], flags: TrainScorerFlags) => Promise<void>,
  runNiqe: (name: FittedMeasure, inputs: readonly string[], flags: TrainNiqeFlags) => Promise<void>,
  runSfdIqa: (inputs: readonly string[], flags: TrainSfdIqaFlags) => Promise<void>,
): Command {
  const denoiser = new Command('denoiser')
    .summary('train a denoiser on noisy pictures, or on clean ones and a model of noise')
    .description(
      'Trains a denoiser on noisy pictures alone, or with --method supervised on clean ones that a model of noise makes noisy, and writes its weights, with checkpoints and records, into a run folder. Ctrl-C saves; --resume goes on.',
    )
    .argument('[PICTURE...]', 'files, folders, or patterns such as "shots/*.jpg"');

  addRunOptions(denoiser);
  addOption(
    denoiser,
    '--include <PICTURE...>',
    'more pictures to learn from: those to be denoised in the end (default: none)',
  );
  addOption(
    denoiser,
    '--clean <PICTURE...>',
    'the clean pictures that belong to the noisy ones, by name; with --method supervised (default: the pictures are clean, and a model of noise makes them noisy)',
  );
  addOption(
    denoiser,
    '--leave-out-noisy',
    'with --method supervised, leave out clean pictures that are noisy when they are measured (default: tell them)',
  );
  addOption(
    denoiser,
    '--weights <WEIGHTS>',
    `start from these: ${weightsNaming} (default: from a new network)`,
  );
  addKeyOption(denoiser);
  addOption(denoiser, '--licence <TEXT>', 'terms of the weights, kept in their file (default: unknown)');

  addLearningOptions(
    denoiser,
    {
      minutes: 'no limit',
      steps: 'those of the preset, unless --minutes is given',
      rate: 'that of the preset; fast for sdap: 0.002, for wide networks less, with --weights 0.0003',
      patch: 'that of the preset; fast for sdap: 160',
      batch: 'that of the preset; fast for sdap: 1',
    },
    {
      method: 'sdap',
      network: 'that of the method',
      methods: { ...denoisingMethods, ...supervisedMethods },
    },
  );
  addRecipeOptions(denoiser);
  addValidationOptions(denoiser, {
    noisy: 'fixed patches of the pictures learnt from',
    clean: 'none; the loss is measured, not PSNR',
  });
  addMachineOptions(denoiser);
  denoiser.addHelpText('after', examples).action(runDenoiser);

  return new Command('train')
    .description('Trains weights from your own pictures.')
    .addCommand(denoiser)
    .addCommand(trainUpscalerCommand(runUpscaler))
    .addCommand(trainScorerCommand(runScorer))
    .addCommand(trainNiqeCommand('niqe', runNiqe))
    .addCommand(trainNiqeCommand('il-niqe', runNiqe))
    .addCommand(trainSfdIqaCommand(runSfdIqa));
}
