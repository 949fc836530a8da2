import { Command } from 'commander';
import type { NewScorerOptions } from '../../../api/index.js';
import { addLearningOptions } from '../../options/learning-options.js';
import { addMachineOptions, addOption } from '../../options/options.js';
import { addRecipeOptions, addValidateEveryOption } from '../../options/recipe-options.js';
import { addRunOptions, type RunFlags } from '../../options/run-options.js';

/** The options of `revela train scorer` as typed; what was not typed is missing. */
export interface TrainScorerFlags extends Omit<NewScorerOptions, 'pictures'>, RunFlags {}

const examples = `
Examples:
  revela train scorer photos/ --output runs/scorer --minutes 30 --validation others/
  revela train scorer --resume runs/scorer       continues after Ctrl-C, to the same numbers`;

/** `revela train scorer`: its options, not its work. */
export function trainScorerCommand(
  run: (inputs: readonly string[], flags: TrainScorerFlags) => Promise<void>,
): Command {
  const command = new Command('scorer')
    .summary('train a quality scorer')
    .description(
      'Trains a quality scorer on good pictures, damaged in many ways; no opinions are read. Writes a run folder. Ctrl-C saves; --resume continues.',
    )
    .argument('[PICTURE...]', 'files, folders, or patterns such as "shots/*.png"');
  addRunOptions(command);
  addOption(command, '--from <PATH>', 'start from a file or a run folder (default: a new network)');
  addOption(command, '--licence <TEXT>', 'licence stored in the weights (default: unknown)');
  addLearningOptions(
    command,
    {
      minutes: 'no limit',
      steps: 'by the recipe',
      rate: '0.001',
      patch: '160',
      batch: '4',
    },
    {
      method: false,
      network: false,
      sizes: { width: '32', depth: 'fixed', patch: ', a multiple of 32' },
    },
  );
  addRecipeOptions(command, { presets: [], presetText: '', clip: '--clip-gradients' });
  command.optionsGroup('Validation:');
  addOption(command, '--validation <PATH>', 'good pictures to measure on (default: the training pictures)');
  addValidateEveryOption(command);
  addMachineOptions(command);
  return command.addHelpText('after', examples).action(run);
}
