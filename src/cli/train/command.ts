import { Command } from 'commander';
import { denoisingMethods, supervisedMethods } from '../../api/choices.js';
import { budgetOptions, denoiserParts, type trainDenoiserOptions } from '../../api/options.js';
import { type FlagsOf, path, retold } from '../../options/index.js';
import { addOptions } from '../options/add-options.js';
import { addMachineOptions, type KeyFlags } from '../options/common-options.js';
import { methodsNamed, networksNamed } from '../options/learning.js';
import { addTrainingOptions, type RunFlags } from '../options/run-options.js';
import { fleetOptions, togetherOptions } from '../options/team-options.js';
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
export type TrainDenoiserFlags = FlagsOf<typeof trainDenoiserOptions> & RunFlags & KeyFlags;

const examples = `
Examples:
  revela train denoiser photos/ -o runs/garden --minutes 60
  revela train denoiser --resume runs/garden     continues after Ctrl-C, to the same numbers
  revela train denoiser clean/ --method supervised -o runs/general --minutes 600
  tensorboard --logdir runs                      shows the curves
  revela train denoiser photos/ -o runs/garden --fleet redis://queue.lan:6379 --workers 4
                                                 over machines that run: revela fleet train`;

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

  const learning = retold(denoiserParts.learning, {
    ...methodsNamed({ ...denoisingMethods, ...supervisedMethods }),
    ...networksNamed(),
  });
  const parts = { ...denoiserParts, learning, machines: togetherOptions };
  addTrainingOptions(denoiser, parts, 'weights');
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
  addOptions(resume, 'Machines:', fleetOptions);
  addMachineOptions(resume);

  const command = new Command('train')
    .description(
      'Trains weights from your own pictures, or goes on with any run: revela train --resume FOLDER.',
    )
    .addCommand(resume, { isDefault: true, hidden: true });
  for (const kind of kinds) command.addCommand(kind);
  return command;
}
