import { resolve } from 'node:path';
import { OptionError, optionError } from '../../errors.js';
import { findPictures } from '../../images/index.js';
import { scorerArchitecture } from '../../networks/index.js';
import { budgetOr } from '../../training/index.js';
import { SCORER_LEAST_SIDE, scorerPreset } from '../../quality/index.js';
import { settled } from '../../options/index.js';
import { recipeFrom } from '../recipe.js';
import { spacing, type TrainingSettings } from '../run-settings.js';
import { loadScorerWeights, weightsAt } from '../../models/index.js';
import { trainingPictures } from '../training-pictures.js';
import { type NewScorerOptions, newScorerOptions } from './scorer-options.js';

/** The settings of a scorer's training. */
export interface ScorerSettings extends TrainingSettings {
  readonly kind: 'scorer';
  readonly from: string | null;
}

/** What scorers are trained by. */
const METHOD = 'graded';

/**
 * Settles what the training of a new scorer depends on.
 *
 * @param tell gets a line for what was left out
 * @throws RevelaError for options that cannot be used and files that are missing
 */
export async function newScorerSettings(
  options: NewScorerOptions,
  tell: (line: string) => void = () => {},
): Promise<ScorerSettings> {
  const asked = settled(newScorerOptions, options);
  const { pictures = [], recursive, from, validation, licence = 'unknown', seed } = asked;
  if (from !== undefined && options.baseChannels !== undefined)
    throw new OptionError('`from` brings its own network: leave out `baseChannels`');
  const start = from === undefined ? undefined : await weightsAt(from);
  const description =
    start === undefined
      ? scorerArchitecture.ofSize({ baseChannels: options.baseChannels })
      : (await loadScorerWeights(start)).description;
  const recipe = recipeFrom(
    { ...options, clip: options.clipGradients },
    scorerPreset,
    { name: 'the scorer', needsBlindSpot: false, training: { patchMultiple: 2 } },
    description,
    start !== undefined,
  );
  const patch = Math.min(...recipe.stages.map((stage) => stage.patch));
  if (patch < SCORER_LEAST_SIDE) throw optionError('patch', `at least ${SCORER_LEAST_SIDE}`, patch);
  const files = await trainingPictures(pictures, { recursive, onLeftOut: tell });
  const held = validation === undefined ? [] : await findPictures([validation], { recursive });
  return {
    kind: 'scorer',
    method: METHOD,
    architecture: description.architecture,
    config: description.config,
    preset: 'fast',
    recipe,
    seed,
    budget: budgetOr(options, { steps: scorerPreset.steps }),
    files: files.map((file) => resolve(file)),
    from: start ?? null,
    licence,
    validation: { pairs: [], pictures: held.map((file) => resolve(file)), ...spacing(options) },
  };
}
