import type { DenoisingMethod, InferenceMethod } from '../denoise/index.js';
import { OptionError, optionError } from '../errors.js';
import type { NetworkDescription } from '../networks/index.js';
import {
  type Optimiser,
  type RateCurve,
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
import { checkBlindSpot, type LearningOptions, trainableMethodNamed } from '../models/anywhere.js';
import { wholeNumber } from '../option-checks.js';

/** What may be said about a recipe besides {@link LearningOptions}; the preset has all that is left out. */
export interface RecipeOptions extends LearningOptions {
  /** `paper`: the method's published hyper-parameters; `fast`: this program's own, for minutes. Default `fast`. */
  readonly preset?: PresetName;
  readonly optimiser?: TrainingPreset['optimiser'];
  /** Of AdamW decoupled, of Adam added to the gradient. */
  readonly weightDecay?: number;
  /** How the learning rate changes, in all stages. */
  readonly schedule?: RateCurve;
  /** Largest norm of the gradients; 0 does not clip. */
  readonly clip?: number;
  /** Decay of the moving average of the weights, from 0 (take the last ones) to below 1. */
  readonly averageDecay?: number;
}

/** The presets of a method: as its paper has it, and one that is faster. */
export const presetNames = ['paper', 'fast'] as const;

/** One of {@link presetNames}. */
export type PresetName = (typeof presetNames)[number];

/** Highest learning rate for weights that are trained already. */
export const ADAPTING_RATE = 3e-4;

/** How to train, settled: what `config.json` keeps and the numbers of a run depend on. */
export type Recipe = Required<Omit<TrainingPreset, 'clip' | 'steps' | 'source' | 'rateWidth'>> &
  Pick<TrainingPreset, 'clip'>;

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
  options: Omit<RecipeOptions, 'preset'>,
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
  { patch = stage.patch, batch = stage.batch, schedule = stage.curve }: Omit<RecipeOptions, 'preset'>,
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
    wholeNumber(batch, 1, 256, 'batch');
    if (!(learningRate > 0 && learningRate <= 1))
      throw optionError('learningRate', 'above 0 and at most 1', learningRate, { code: 'ERR_OUT_OF_RANGE' });
    checkCurve(curve);
  }
  const { clip = 1, averageDecay, weightDecay, optimiser } = recipe;
  if (optimiser !== 'adam' && optimiser !== 'adamw')
    throw optionError('optimiser', 'one of adam, adamw', optimiser);
  if (!(clip > 0 && Number.isFinite(clip)))
    throw optionError('clip', '0, which does not clip, or above', clip, { code: 'ERR_OUT_OF_RANGE' });
  if (!(averageDecay >= 0 && averageDecay < 1))
    throw optionError('averageDecay', 'at least 0 and below 1', averageDecay, { code: 'ERR_OUT_OF_RANGE' });
  if (!(weightDecay >= 0 && weightDecay <= 1))
    throw optionError('weightDecay', 'from 0 to 1', weightDecay, { code: 'ERR_OUT_OF_RANGE' });
}

function checkCurve(curve: RateCurve): void {
  if (curve === 'constant' || curve === 'cosine') return;
  if (typeof curve === 'object') {
    const { every, factor } = curve;
    if (Number.isInteger(every) && every > 0 && factor > 0 && factor <= 1) return;
  }
  throw new OptionError(
    `\`schedule\` must be constant, cosine, or a whole number of steps and a factor above 0 and at most 1, got ${JSON.stringify(curve)}`,
  );
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
