import { type Command, InvalidArgumentError } from 'commander';
import type { RecipeOptions } from '../../api/index.js';
import { numberFrom, wholeNumber } from './numbers.js';
import { addOption } from './options.js';

/** What differs between the recipes of denoisers and those of upscalers. */
export interface RecipeChoices {
  /** The presets, and what they are; none where there is only one recipe. */
  readonly presets: readonly string[];
  readonly presetText: string;
  /** The option that limits the gradients' norm. */
  readonly clip: '--clip' | '--clip-gradients';
}

const denoising: RecipeChoices = {
  presets: ['paper', 'fast'],
  presetText: "paper: the method's published numbers; fast: for minutes instead of days (default: fast)",
  clip: '--clip',
};

/** Adds the options of a training's recipe, which say what its preset would otherwise. */
export function addRecipeOptions(
  command: Command,
  { presets, presetText, clip }: RecipeChoices = denoising,
): Command {
  command.optionsGroup('Recipe:');
  if (presets.length > 0) addOption(command, '--preset <NAME>', presetText, { choices: presets });
  addOption(
    command,
    '--schedule <KIND>',
    'how the rate changes, in every stage: constant, cosine, or STEPS:FACTOR, such as 8000:0.1, to multiply it every so many steps (default: by the preset)',
    { parse: scheduleIn },
  );
  addOption(command, '--optimiser <NAME>', 'what moves the weights (default: by the preset)', {
    choices: ['adam', 'adamw'],
  });
  addOption(command, '--weight-decay <N>', 'draws the weights towards 0 (default: by the preset)', {
    parse: numberFrom(0, 1),
  });
  addOption(command, `${clip} <NORM>`, 'largest norm of the gradients, 0 for none (default: by the preset)', {
    parse: numberFrom(0, 1e9),
  });
  return addOption(
    command,
    '--average-decay <N>',
    'decay of the moving average of the weights, which is saved in the end; 0 for the last weights (default: by the preset)',
    { parse: numberFrom(0, 0.999999) },
  );
}

/** Adds the options that say what a training is measured on, with what is measured where they are left out. */
export function addValidationOptions(
  command: Command,
  defaults: { readonly noisy: string; readonly clean: string },
): Command {
  command.optionsGroup('Validation:');
  addOption(
    command,
    '--validation-noisy <PATH>',
    `noisy pictures to measure on, a folder for example (default: ${defaults.noisy})`,
  );
  addOption(
    command,
    '--validation-clean <PATH>',
    `their clean counterparts, of the same names but for words like noisy and clean (default: ${defaults.clean})`,
  );
  return addOption(
    command,
    '--validate-every <STEPS>',
    'steps between two validations (default: about 20 in all)',
    { parse: wholeNumber(1) },
  );
}

/** Reads `constant`, `cosine` or `8000:0.1`. */
function scheduleIn(text: string): RecipeOptions['schedule'] {
  if (text === 'constant' || text === 'cosine') return text;
  const [steps = '', factor = '', ...rest] = text.split(':');
  if (factor === '' || rest.length > 0)
    throw new InvalidArgumentError('Expected constant, cosine, or steps and a factor such as 8000:0.1');
  return { every: wholeNumber(1)(steps), factor: numberFrom(0, 1)(factor) };
}
