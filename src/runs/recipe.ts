import type { DenoisingMethod, InferenceMethod } from '../denoise/index.js';
import { optionError } from '../errors.js';
import type { NetworkDescription } from '../networks/index.js';
import {
  type Optimiser,
  type Schedule,
  type TrainingPreset,
  type TrainingStage,
  adam,
  adamW,
  constantSchedule,
  cosineSchedule,
  stepSchedule,
  warmedUp,
} from '../nn/index.js';
import { checkBlindSpot, trainableMethodNamed } from '../models/anywhere.js';
import { learningOptions } from '../models/options.js';
import { wholeNumber } from '../option-checks.js';
import { checkValue } from '../options/index.js';
import { presetNames, type RecipeOptions, recipeOptions } from './recipe-options.js';

/** Highest learning rate for weights that are trained already. */
export const ADAPTING_RATE = 3e-4;

/** How to train, settled: what `config.json` keeps and the numbers of a run depend on. */
export type Recipe = Required<Omit<TrainingPreset, 'clip' | 'steps' | 'source' | 'rateWidth'>> &
  Pick<TrainingPreset, 'clip'>;

/** What options may say of a recipe. */
type RecipeChoices = Pick<
  RecipeOptions,
  ('patch' | 'batch' | 'learningRate' | 'schedule') | ('optimiser' | 'weightDecay' | 'clip' | 'averageDecay')
>;

/** What a recipe depends on in a method, and in a network. */
type LearntMethod = Pick<InferenceMethod, 'name' | 'needsBlindSpot'> & {
  readonly training: Pick<DenoisingMethod['training'], 'patchMultiple'>;
};
type LearntNetwork = Pick<
  NetworkDescription,
  'architecture' | 'width' | 'multiple' | 'blindSpot' | 'authorsRate'
>;

/** The preset of that name. */
export function presetNamed(method: Pick<InferenceMethod, 'presets'>, name: string = 'fast'): TrainingPreset {
  const known = presetNames.find((preset) => preset === name);
  if (known === undefined) throw optionError('preset', `one of ${presetNames.join(', ')}`, name);
  return method.presets[known];
}

/** The highest learning rate of a preset, for a network of this width that is new or `trained` already. */
export function highestRate(
  { stages, rateWidth }: TrainingPreset,
  { width, authorsRate = Number.POSITIVE_INFINITY }: Pick<NetworkDescription, 'width' | 'authorsRate'>,
  trained: boolean,
): number {
  const stated = Math.max(...stages.map(({ learningRate }) => learningRate));
  const narrowed = stated * (rateWidth === undefined ? 1 : Math.min(1, Math.sqrt(rateWidth / width)));
  const scaled = Math.min(narrowed, authorsRate);
  return trained ? Math.min(scaled, ADAPTING_RATE) : scaled;
}

/**
 * Settles how to train: the preset, and over it what the options say.
 *
 * Numbers that a stage has for itself are the same in all stages when an option says them; only of the learning rate
 * an option says the highest, and stages with a lower one keep their proportion to it, because a second stage at the
 * rate of the first would be no second stage.
 *
 * @param trained whether the weights to start from are trained already
 * @throws OptionError for a number that the method cannot take
 */
export function recipeFrom(
  options: RecipeChoices,
  preset: TrainingPreset,
  method: LearntMethod,
  network: LearntNetwork,
  trained: boolean,
): Recipe {
  const rate = options.learningRate ?? highestRate(preset, network, trained);
  const clip = options.clip ?? preset.clip ?? 0;
  const recipe: Recipe = {
    optimiser: options.optimiser ?? preset.optimiser,
    betas: preset.betas,
    weightDecay: options.weightDecay ?? preset.weightDecay,
    warmUp: preset.warmUp ?? 0,
    averageDecay: options.averageDecay ?? preset.averageDecay,
    ...(clip === 0 ? {} : { clip }),
    stages: preset.stages.map((stage) => settleStage(stage, preset, options, rate)),
  };
  checkBlindSpot(method, network);
  checkRecipe(recipe, method, network);
  return recipe;
}

/** Settles how to train by one of a method's presets; see {@link recipeFrom}. */
export function settleRecipe(
  options: RecipeOptions,
  method: LearntMethod & Pick<InferenceMethod, 'presets'>,
  network: LearntNetwork,
  trained: boolean,
): Recipe {
  return recipeFrom(options, presetNamed(method, options.preset), method, network, trained);
}

function settleStage(
  stage: TrainingStage,
  { stages }: TrainingPreset,
  { patch = stage.patch, batch = stage.batch, schedule = stage.curve }: RecipeChoices,
  highest: number,
): TrainingStage {
  const proportion = stage.learningRate / Math.max(...stages.map(({ learningRate }) => learningRate));
  return { ...stage, patch, batch, curve: schedule, learningRate: proportion * highest };
}

function checkRecipe(
  recipe: Recipe,
  { name, training: { patchMultiple } }: LearntMethod,
  { architecture, multiple: ofNetwork }: LearntNetwork,
): void {
  const multiple = patchMultiple * ofNetwork;
  const user = ofNetwork === 1 ? name : `${name} with ${architecture}`;
  for (const { patch, batch, learningRate, curve } of recipe.stages) {
    wholeNumber(patch, Math.max(2 * patchMultiple, multiple), 2000, 'patch');
    if (patch % multiple !== 0) throw optionError('patch', `a multiple of ${multiple} for ${user}`, patch);
    checkValue(learningOptions.batch, batch, 'batch');
    checkValue(learningOptions.learningRate, learningRate, 'learningRate');
    checkValue(recipeOptions.schedule, curve, 'schedule');
  }
  const { clip = 0, averageDecay, weightDecay, optimiser } = recipe;
  checkValue(recipeOptions.optimiser, optimiser, 'optimiser');
  checkValue(recipeOptions.clip, clip, 'clip');
  checkValue(recipeOptions.averageDecay, averageDecay, 'averageDecay');
  checkValue(recipeOptions.weightDecay, weightDecay, 'weightDecay');
}

/** What moves the weights. */
export function optimiserOf({
  optimiser,
  betas,
  weightDecay,
}: Pick<Recipe, 'optimiser' | 'betas' | 'weightDecay'>): Optimiser {
  return optimiser === 'adam' ? adam({ betas, weightDecay }) : adamW({ betas, weightDecay });
}

/** The learning rate of a stage, by its own steps and share; only the first stage of a recipe warms up. */
export function scheduleOf(
  { curve, learningRate, floor = 0 }: TrainingStage,
  { warmUp }: { readonly warmUp: number },
): Schedule {
  if (curve === 'cosine') return cosineSchedule(learningRate, { floor, warmUp });
  const schedule =
    curve === 'constant'
      ? constantSchedule(learningRate)
      : stepSchedule(learningRate, curve.every, curve.factor);
  return warmedUp(schedule, warmUp);
}

/**
 * Steps of a method's preset: how long it trains where nothing else is said.
 *
 * @example
 * presetSteps('sdap', 'fast');
 */
export function presetSteps(method: string = 'sdap', preset?: string): number {
  return presetNamed(trainableMethodNamed(method), preset).steps;
}
