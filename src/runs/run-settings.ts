import { resolve } from 'node:path';
import { OptionError } from '../errors.js';
import { checkPicture, findPictures, type PicturePair, pairPictures } from '../images/index.js';
import type { NetworkDescription } from '../networks/index.js';
import { type Budget, budgetOr } from '../training/index.js';
import { learnsFromPairs } from '../denoise/index.js';
import {
  architectureNamed,
  trainableMethodNamed,
  loadDenoiserWeights,
  weightsAt,
  absoluteWeights,
} from '../models/index.js';
import { settled } from '../options/index.js';
import { present } from '../present.js';
import { type NewRunOptions, newRunOptions } from './denoiser/denoiser-options.js';
import { presetNamed, type Recipe, settleRecipe } from './recipe.js';
import type { TeamSettings } from './team/team.js';
import { trainingPictures } from './training-pictures.js';
import type { ValidationOptions } from './validation-options.js';

/** What a run is measured on. */
export interface ValidationSettings {
  /** Pairs to compare on. */
  readonly pairs: readonly PicturePair[];
  /** Without pairs: noisy pictures for the loss; none for those that are trained on. */
  readonly pictures: readonly string[];
  /** Steps between two validations; left out: about twenty times. */
  readonly every?: number;
}

/** What the `config.json` of every kind of training holds: what the numbers of a run depend on. */
export interface TrainingSettings {
  /** How the result denoises. */
  readonly method: string;
  readonly architecture: string;
  readonly config: NetworkDescription['config'];
  readonly preset: string;
  readonly recipe: Recipe;
  readonly seed: number;
  readonly budget: Budget;
  readonly files: readonly string[];
  readonly licence: string;
  readonly validation: ValidationSettings;
  /** Where several train together. */
  readonly team?: TeamSettings;
}

/** The settings of a training on noisy pictures alone. */
export interface RunSettings extends TrainingSettings {
  /** How many of the files are pictures that are to be denoised. */
  readonly included: number;
  readonly weights: string | null;
  /** What is learnt from, where it is pairs of one's own. */
  readonly pairs?: readonly PicturePair[];
}

/**
 * Settles what a new run depends on.
 *
 * @param tell gets a line for what was left out
 * @throws RevelaError for options that cannot be used and pictures that are missing or do not pair up
 */
export async function newRunSettings(
  options: NewRunOptions,
  tell: (line: string) => void = () => {},
): Promise<RunSettings> {
  const asked = settled(newRunOptions, options);
  const { pictures = [], include = [], recursive, licence = 'unknown', preset, seed } = asked;
  const weights = options.weights === undefined ? undefined : await weightsAt(options.weights);
  const method = trainableMethodNamed(options.method ?? 'sdap');
  if (
    weights !== undefined &&
    (options.network ?? options.channels ?? options.baseChannels ?? options.modules) !== undefined
  )
    throw new OptionError(
      '`weights` brings its own network: leave out `network`, `channels`, `baseChannels` and `modules`',
    );
  const budget = budgetOr(options, { steps: presetNamed(method, preset).steps });
  const description =
    weights === undefined
      ? architectureNamed(options.network ?? method.defaultNetwork).ofSize(options)
      : (await loadDenoiserWeights(weights)).description;
  if (learnsFromPairs(method) && description.inputChannels !== 3)
    throw new OptionError(`\`method\` ${method.name} trains networks for colour: leave out \`channels\``);
  const recipe = settleRecipe(
    options,
    learnsFromPairs(method) ? { ...method, training: { patchMultiple: 1 } } : method,
    description,
    weights !== undefined,
  );
  const validation = await validationSettings(options);
  if (options.leaveOutNoisy === true && !learnsFromPairs(method))
    throw new OptionError(
      '`leaveOutNoisy` is for `method` supervised: the other methods learn from noisy pictures',
    );
  const files = await trainingPictures([...pictures, ...include], { recursive, onLeftOut: tell });
  const pairs = await ownPairs(options, learnsFromPairs(method), files);
  const included = include.length === 0 ? 0 : (await trainingPictures(include, { recursive })).length;
  return {
    method: method.name,
    architecture: description.architecture,
    config: description.config,
    preset,
    recipe,
    seed,
    budget,
    files: files.map((file) => resolve(file)),
    included,
    weights: weights === undefined ? null : await absoluteWeights(weights),
    ...present({ pairs }),
    licence,
    validation,
  };
}

/** The pairs of the user's own, if there are any. */
async function ownPairs(
  { clean, recursive = false }: NewRunOptions,
  takesPairs: boolean,
  noisy: readonly string[],
): Promise<readonly PicturePair[] | undefined> {
  if (clean === undefined) return undefined;
  if (!takesPairs)
    throw new OptionError(
      '`clean` is for `method` supervised: the other methods learn from noisy pictures alone',
    );
  const truths = (await findPictures(clean, { recursive })).map((file) => resolve(file));
  return pairPictures(
    noisy.map((file) => resolve(file)),
    truths,
  ).pairs;
}

/** The steps between two validations, where they are said. */
export const spacing = ({
  validateEvery: every,
}: Pick<ValidationOptions, 'validateEvery'>): Pick<ValidationSettings, 'every'> => present({ every });

/**
 * Settles what a new run is measured on.
 *
 * @throws RevelaError for pictures that are missing or do not pair up
 */
export async function validationSettings({
  validationNoisy,
  validationClean,
  validateEvery,
  recursive = false,
}: ValidationOptions & { readonly recursive?: boolean | undefined }): Promise<ValidationSettings> {
  const often = spacing({ validateEvery });
  if (validationNoisy === undefined) {
    if (validationClean !== undefined)
      throw new OptionError('`validationClean` needs `validationNoisy`, the pictures to denoise');
    return { pairs: [], pictures: [], ...often };
  }
  const noisy = (await findPictures([validationNoisy], { recursive })).map((file) => resolve(file));
  if (validationClean === undefined) {
    for (const file of noisy) await checkPicture(file);
    return { pairs: [], pictures: noisy, ...often };
  }
  const clean = (await findPictures([validationClean], { recursive })).map((file) => resolve(file));
  return { pairs: pairPictures(noisy, clean).pairs, pictures: [], ...often };
}
