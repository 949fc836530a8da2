import { Command } from 'commander';
import type { NewRunOptions } from '../../api/index.js';
import { denoisingMethods, supervisedMethods } from '../../api/choices.js';
import { budgetOptions } from '../../api/options.js';
import { path } from '../../options/index.js';
import { addOptions } from '../options/add-options.js';
import { addLearningOptions } from '../options/learning-options.js';
import {
  addKeyOption,
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

const { minutes, steps } = budgetOptions;
const goingOn = {
  resume: path({ value: 'FOLDER', words: 'continue a run, of any kind' }),
  minutes: { ...minutes, usual: "the run's" },
  steps: { ...steps, usual: "the run's" },
};

/** The options of `revela train denoiser` as typed; what was not typed is missing. */
export interface TrainDenoiserFlags extends Omit<NewRunOptions, 'pictures'>, RunFlags, KeyFlags {}

const examples = `
Examples:
  revela train denoiser photos/ -o runs/garden --minutes 60
  revela train denoiser --resume runs/garden     continues after Ctrl-C, to the same numbers
  revela train denoiser clean/ --method supervised -o runs/general --minutes 600
  tensorboard --logdir runs                      shows the curves`;

/** `revela train`: its options, not its work. */
export function trainCommand(
  runDenoiser: (inputs: readonly string[], flags: TrainDenoiserFlags) => Promise<void>,
  runUpscaler: (inputs: readonly string[], flags: TrainUpscalerFlags) => Promise<void>,
  runScorer: (inputs: readonly string[], flags: TrainScorerFlags) => Promise<void>,
  runNiqe: (name: FittedMeasure, inputs: readonly string[], flags: TrainNiqeFlags) => Promise<void>,
  runSfdIqa: (inputs: readonly string[], flags: TrainSfdIqaFlags) => Promise<void>,
  runResume: (kind: string | undefined, kinds: readonly string[], flags: RunFlags) => Promise<void>,
): Command {
  const denoiser = new Command('denoiser')
    .summary('train a denoiser')
    .description(
      'Trains a denoiser on noisy pictures alone, or with --method supervised on clean ones, and writes a run folder. Ctrl-C saves; --resume continues.',
    )
    .argument('[PICTURE...]', 'files, folders, or patterns such as "shots/*.jpg"');

  addRunOptions(denoiser);
  addOption(denoiser, '--include <PICTURE...>', 'more pictures to learn from');
  addOption(denoiser, '--clean <PICTURE...>', 'supervised: the clean pictures of noisy ones, by name');
  addOption(denoiser, '--leave-out-noisy', 'supervised: leave out pictures that are not clean');
  addOption(denoiser, '-w, --weights <WEIGHTS>', `start from a ${weightsNaming} (default: a new network)`);
  addKeyOption(denoiser);
  addOption(denoiser, '--licence <TEXT>', 'licence stored in the weights (default: unknown)');

  addLearningOptions(
    denoiser,
    {
      minutes: 'no limit',
      steps: 'by the preset',
      rate: 'by the preset',
      patch: 'by the preset',
      batch: 'by the preset',
    },
    {
      method: 'sdap',
      network: 'by the method',
      methods: { ...denoisingMethods, ...supervisedMethods },
    },
  );
  addRecipeOptions(denoiser);
  addValidationOptions(denoiser, {
    noisy: 'training patches',
    clean: 'none',
  });
  addMachineOptions(denoiser);
  denoiser.addHelpText('after', examples).action(runDenoiser);

  const kinds = [
    denoiser,
    trainUpscalerCommand(runUpscaler),
    trainScorerCommand(runScorer),
    trainNiqeCommand('niqe', runNiqe),
    trainNiqeCommand('il-niqe', runNiqe),
    trainSfdIqaCommand(runSfdIqa),
  ];
  const names = kinds.map((kind) => kind.name());
  const resume = new Command('resume')
    .description('Continues a run of any kind: revela train --resume FOLDER.')
    .argument('[KIND]')
    .action((kind: string | undefined, flags: RunFlags) => runResume(kind, names, flags));
  addOptions(resume, undefined, goingOn);
  addMachineOptions(resume);

  const command = new Command('train')
    .description(
      'Trains weights from your own pictures, or goes on with any run: revela train --resume FOLDER.',
    )
    .addCommand(resume, { isDefault: true, hidden: true });
  for (const kind of kinds) command.addCommand(kind);
  return command;
}
