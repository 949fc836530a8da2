import type { Command } from 'commander';
import type { InferenceChoices } from '../../api/index.js';
import { wholeNumber } from './numbers.js';
import { addOption } from './options.js';

/** Adds the options of what a method does at test time, under the names that the library gives them. */
export function addInferenceOptions(command: Command): Command {
  const names: Readonly<Record<keyof InferenceChoices, () => void>> = {
    subSampling: () =>
      addOption(command, '--sub-sampling <N>', 'stride of the sub-sampling (default: 2)', {
        parse: wholeNumber(1, 9),
      }),
    enhance: () => {
      addOption(command, '--enhance', "the method's second pass (default: on)");
      addOption(command, '--no-enhance', 'without the second pass');
    },
    refine: () =>
      addOption(command, '--refine <HOW>', 'none, per-element or per-pixel (default: none)', {
        choices: ['none', 'per-element', 'per-pixel'],
      }),
    masks: () =>
      addOption(command, '--masks <N>', 'masks of amsnet, one pass each (default: 2)', {
        parse: wholeNumber(2, 16),
      }),
    deterministic: () => addOption(command, '--deterministic', 'fixed instead of random masks (amsnet)'),
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
    'restore fine texture that blind-spot networks remove (default: by the measured noise)',
  );
  return addOption(command, '--no-keep-detail', 'restore no detail');
}
