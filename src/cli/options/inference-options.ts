import type { Command } from 'commander';
import type { InferenceChoices } from '../../api/index.js';
import { wholeNumber } from './numbers.js';
import { addOption } from './options.js';

/** Adds the options of what a method does at test time, under the names that the library gives them. */
export function addInferenceOptions(command: Command): Command {
  const names: Readonly<Record<keyof InferenceChoices, () => void>> = {
    subSampling: () =>
      addOption(command, '--sub-sampling <N>', 'stride of the sub-sampling at test time (default: 2)', {
        parse: wholeNumber(1, 9),
      }),
    enhance: () => {
      addOption(
        command,
        '--enhance',
        "the method's second pass over its result (default: on where it has one, off with --refine)",
      );
      addOption(command, '--no-enhance', 'leave out the second pass');
    },
    refine: () =>
      addOption(
        command,
        '--refine <HOW>',
        'random-replacing refinement, 8 more passes and for amsnet 16: per-element as in AP-BSN, per-pixel as in AMSNet (default: none)',
        { choices: ['none', 'per-element', 'per-pixel'] },
      ),
    masks: () =>
      addOption(command, '--masks <N>', 'complementary masks of amsnet, a pass each (default: 2)', {
        parse: wholeNumber(2, 16),
      }),
    deterministic: () =>
      addOption(
        command,
        '--deterministic',
        'fixed patterns in place of the random masks of amsnet (default: masks drawn from --seed)',
      ),
  };
  for (const add of Object.values(names)) add();
  return command;
}

/** Adds the option of the detail that a method loses; left out, the method decides. */
export function addKeepDetailOption(command: Command): Command {
  // Both forms: with the second alone, Commander would pass on `true` where nothing was typed.
  addOption(
    command,
    '--keep-detail',
    'tell the detail to give back by what the network takes away elsewhere (default: by the measured noise)',
  );
  return addOption(command, '--no-keep-detail', 'give no detail back');
}
