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
  presetText: 'paper: as published; fast: for minutes instead of days (default: fast)',
  clip: '--clip',
};

/** Adds the options of a training's recipe, which say what its preset would otherwise. */
export function addRecipeOptions(
  command: Command,
  { presets, presetText, clip }: RecipeChoices = denoising,
): Command {
  command.optionsGroup('Recipe (default: by the preset):');
  if (presets.length > 0) addOption(command, '--preset <NAME>', presetText, { choices: presets });
  addOption(command, '--schedule <KIND>', 'constant, cosine, or 8000:0.1 (every 8000 steps, times 0.1)', {
    parse: scheduleIn,
  });
  addOption(command, '--optimiser <NAME>', 'adam or adamw', {
    choices: ['adam', 'adamw'],
  });
  addOption(command, '--weight-decay <N>', 'pulls the weights towards 0', {
    parse: numberFrom(0, 1),
  });
  addOption(command, `${clip} <NORM>`, 'largest gradient norm; 0: no limit', {
    parse: numberFrom(0, 1e9),
  });
  return addOption(command, '--average-decay <N>', 'decay of the saved average; 0: last weights', {
    parse: numberFrom(0, 0.999999),
  });
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
    `noisy pictures to measure on (default: ${defaults.noisy})`,
  );
  addOption(command, '--validation-clean <PATH>', `clean ones, paired by name (default: ${defaults.clean})`);
  return addValidateEveryOption(command);
}

/** Adds the option of how often a training is measured. */
export function addValidateEveryOption(command: Command): Command {
  return addOption(command, '--validate-every <STEPS>', 'steps between validations (default: 20 in all)', {
    parse: wholeNumber(1),
  });
}

/** Reads `constant`, `cosine` or `8000:0.1`. */
function scheduleIn(text: string): RecipeOptions['schedule'] {
  if (text === 'constant' || text === 'cosine') return text;
  const [steps = '', factor = '', ...rest] = text.split(':');
  if (factor === '' || rest.length > 0)
    throw new InvalidArgumentError('Expected constant, cosine, or steps and a factor such as 8000:0.1');
  return { every: wholeNumber(1)(steps), factor: numberFrom(0, 1)(factor) };
}
