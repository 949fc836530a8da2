import { Command } from 'commander';
import type { RecipeOptions, ValidationOptions } from '../../api/index.js';
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
  revela distill photos/ --teacher sdap.safetensors --output runs/student --minutes 30
  revela distill photos/ --teacher amsnet.safetensors --variants pd2,pd2+draw1,pd3 --recharge --output runs/student --minutes 60
  revela denoise photos/ --weights runs/student`;

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
      'Lets a trained denoiser, the teacher, denoise noisy pictures in several ways, and trains a small network, the student, to give all those results in one pass. Ctrl-C saves; --resume goes on.',
    )
    .argument('[PICTURE...]', 'files, folders, or patterns such as "shots/*.jpg"');

  addRunOptions(command);
  addOption(
    command,
    '--licence <TEXT>',
    'terms of the weights, kept in their file (default: those of the teacher)',
  );

  command.optionsGroup('Teacher:');
  addOption(
    command,
    '--teacher <WEIGHTS>',
    `its weights: ${weightsNaming} (needed, unless --resume is given)`,
  );
  addKeyOption(command);
  addOption(
    command,
    '--variants <LIST>',
    'how it is run, a result each: words joined by +, such as pd3 (sub-sampling by 3), enhanced, per-element, per-pixel, masks4, fixed, detail (kept as by denoise --keep-detail), draw1 (other random masks); separated by commas (default: by its method)',
    { parse: list },
  );
  addOption(
    command,
    '--recharge',
    'put noisy pixels into the results, each into one at random, to keep detail (default: do not)',
  );

  addLearningOptions(
    command,
    {
      minutes: 'no limit; the teacher’s time comes on top',
      steps: 'those of the preset, unless --minutes is given',
      rate: 'that of the preset; fast: 0.0005',
      patch: 'that of the preset; fast: 128',
      batch: 'that of the preset; fast: 1',
    },
    { method: false, network: 'student' },
  );
  addRecipeOptions(command);
  addValidationOptions(command, {
    noisy: 'none; how far the student is from its teacher is measured',
    clean: 'none; needed with --validation-noisy',
  });
  addMachineOptions(command);
  return command.addHelpText('after', examples).action(run);
}
