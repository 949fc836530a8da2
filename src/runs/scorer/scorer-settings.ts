import { resolve } from 'node:path';
import { OptionError } from '../../errors.js';
import { findPictures } from '../../images/index.js';
import { scorerArchitecture } from '../../networks/index.js';
import { budgetOr } from '../../training/index.js';
import { scorerPreset } from '../../quality/index.js';
import { seedOf } from '../../option-checks.js';
import { type RecipeOptions, recipeFrom } from '../recipe.js';
import { spacing, type TrainingSettings } from '../run-settings.js';
import { loadScorerWeights, weightsAt } from '../../models/index.js';
import { trainingPictures } from '../training-pictures.js';
import { present } from '../../present.js';

/** What the training of a new scorer is told: good pictures, and how to learn. No opinion can be given to it. */
export interface NewScorerOptions
  extends Omit<RecipeOptions, 'method' | 'preset' | 'network' | 'modules' | 'clip'> {
  /** Good pictures: files, globs or folders. */
  readonly pictures?: readonly string[];
  /** Start from these weights: a file, or the folder of a run. */
  readonly from?: string;
  /** Largest norm of the gradients; 0 does not clip. */
  readonly clipGradients?: number;
  /** Good pictures to measure on, which are not learnt from: a folder, file or glob. */
  readonly validation?: string;
  /** Steps between two validations; default: about twenty times in all. */
  readonly validateEvery?: number;
  /** Also look for pictures in the folders inside folders. */
  readonly recursive?: boolean;
  /** Under which terms the weights may be used; kept in their file. */
  readonly licence?: string;
}

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
  const { pictures = [], recursive = false, from, validation, licence = 'unknown' } = options;
  if (from !== undefined && options.baseChannels !== undefined)
    throw new OptionError('`from` brings its own network: leave out `baseChannels`');
  const start = from === undefined ? undefined : await weightsAt(from);
  const description =
    start === undefined
      ? scorerArchitecture.ofSize(
          options.baseChannels === undefined ? {} : { baseChannels: options.baseChannels },
        )
      : (await loadScorerWeights(start)).description;
  const { clipGradients, ...learning } = options;
  const recipe = recipeFrom(
    { ...learning, ...present({ clip: clipGradients }) },
    scorerPreset,
    { name: 'the scorer', needsBlindSpot: false, training: { patchMultiple: 2 } },
    description,
    start !== undefined,
  );
  const files = await trainingPictures(pictures, { recursive, onLeftOut: tell });
  const held = validation === undefined ? [] : await findPictures([validation], { recursive });
  return {
    kind: 'scorer',
    method: METHOD,
    architecture: description.architecture,
    config: description.config,
    preset: 'fast',
    recipe,
    seed: seedOf(options),
    budget: budgetOr(options, { steps: scorerPreset.steps }),
    files: files.map((file) => resolve(file)),
    from: start ?? null,
    licence,
    validation: { pairs: [], pictures: held.map((file) => resolve(file)), ...spacing(options) },
  };
}
