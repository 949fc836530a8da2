import { Command } from 'commander';
import type { NewScorerOptions } from '../../../api/index.js';
import { wholeNumber } from '../../options/numbers.js';
import { addLearningOptions, addMachineOptions, addOption } from '../../options/options.js';
import { addRecipeOptions } from '../../options/recipe-options.js';
import { addRunOptions, type RunFlags } from '../../options/run-options.js';

/** The options of `revela train scorer` as typed; what was not typed is missing. */
export interface TrainScorerFlags extends Omit<NewScorerOptions, 'pictures'>, RunFlags {}

const examples = `
Examples:
  revela train scorer photos/ --output runs/scorer --minutes 30 --validation others/
  revela train scorer --resume runs/scorer       goes on after Ctrl-C, to the same numbers`;

/** `revela train scorer`: its options, not its work. */
export function trainScorerCommand(
  run: (inputs: readonly string[], flags: TrainScorerFlags) => Promise<void>,
): Command {
  const command = new Command('scorer')
    .summary('train a scorer of quality on good pictures')
    .description(
      'Trains a scorer of quality on good pictures, which it is shown damaged in many ways, more and less; no opinions are read. Writes its weights, with checkpoints and records, into a run folder. Ctrl-C saves; --resume goes on.',
    )
    .argument('[PICTURE...]', 'files, folders, or patterns such as "shots/*.png"');
  addRunOptions(command);
  addOption(
    command,
    '--from <PATH>',
    'start from these weights: a file, or the folder of a run (default: from a new network)',
  );
  addOption(command, '--licence <TEXT>', 'terms of the weights, kept in their file (default: unknown)');
  addLearningOptions(
    command,
    {
      minutes: 'no limit',
      steps: 'those of the recipe, unless --minutes is given',
      rate: '0.001',
      patch: '160',
      batch: '4, each in four versions',
    },
    {
      method: false,
      network: false,
      sizes: { width: '32', depth: 'fixed', patch: 'a multiple of 32' },
    },
  );
  addRecipeOptions(command, { presets: [], presetText: '', clip: '--clip-gradients' });
  command.optionsGroup('Validation:');
  addOption(
    command,
    '--validation <PATH>',
    'good pictures to measure on, by the order of their damaged versions (default: the pictures learnt from)',
  );
  addOption(command, '--validate-every <STEPS>', 'steps between two validations (default: about 20 in all)', {
    parse: wholeNumber(1),
  });
  addMachineOptions(command);
  return command.addHelpText('after', examples).action(run);
}
