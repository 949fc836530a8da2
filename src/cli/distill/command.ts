import { Command } from 'commander';
import type { RecipeOptions, ValidationOptions } from '../../api/index.js';
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

/** The options of `revela distill` as typed; what was not typed is missing. */
export interface DistillFlags extends Omit<RecipeOptions, 'method'>, ValidationOptions, RunFlags, KeyFlags {
  readonly teacher?: string;
  readonly variants?: readonly string[];
  readonly recharge?: boolean;
  readonly recursive?: boolean;
  readonly licence?: string;
}

const examples = `
Examples:
  revela distill photos/ --teacher sdap.safetensors -o runs/student --minutes 30
  revela distill photos/ --teacher runs/amsnet --variants pd2,pd2+draw1,pd3 -o runs/student`;

const list = (text: string): readonly string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** `revela distill`: its options, not its work. */
export function distillCommand(
  run: (inputs: readonly string[], flags: DistillFlags) => Promise<void>,
): Command {
  const command = new Command('distill')
    .description(
      'Trains a small, fast network (the student) to give in one pass what a trained denoiser (the teacher) gives in several. Ctrl-C saves; --resume continues.',
    )
    .argument('[PICTURE...]', 'files, folders, or patterns such as "shots/*.jpg"');

  addRunOptions(command);
  addOption(command, '--licence <TEXT>', "licence stored in the weights (default: the teacher's)");

  command.optionsGroup('Teacher:');
  addOption(command, '--teacher <WEIGHTS>', `${weightsNaming} (required)`);
  addKeyOption(command);
  addOption(
    command,
    '--variants <LIST>',
    'results to learn from, such as pd2+enhanced,pd3+detail (default: by the method)',
    { parse: list },
  );
  addOption(command, '--recharge', 'mix noisy pixels into the results, to keep detail');

  addLearningOptions(
    command,
    {
      minutes: 'no limit',
      steps: 'by the preset',
      rate: 'by the preset',
      patch: 'by the preset',
      batch: 'by the preset',
    },
    { method: false, network: 'student' },
  );
  addRecipeOptions(command);
  addValidationOptions(command, {
    noisy: 'none; distance from the teacher',
    clean: 'none',
  });
  addMachineOptions(command);
  return command.addHelpText('after', examples).action(run);
}
