import type { LearningOptions } from '../models/anywhere.js';
import { learningOptions } from '../models/options.js';
import type { RateCurve } from '../nn/index.js';
import { choice, number, type OptionsOf, parsed, retold } from '../options/index.js';

/** The presets of a method: as its paper has it, and one that is faster. */
export const presetNames = ['paper', 'fast'] as const;

/** One of {@link presetNames}. */
export type PresetName = (typeof presetNames)[number];

/** Reads `constant`, `cosine` or `8000:0.1`. */
function curveIn(typed: string): unknown {
  const [, every, factor] = /^(\d+):([\d.e+-]+)$/i.exec(typed.trim()) ?? [];
  return every === undefined ? typed : { every: Number(every), factor: Number(factor) };
}

function isCurve(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === 'constant' || value === 'cosine';
  const { every, factor }: { readonly every?: unknown; readonly factor?: unknown } = value;
  return Number.isInteger(every) && Number(every) > 0 && Number(factor) > 0 && Number(factor) <= 1;
}

/** How the weights of any network are moved, besides what {@link learningOptions} say; the preset has all that is left out. */
const moving = {
  /** How the learning rate changes, in all stages. */
  schedule: parsed<RateCurve>(curveIn, isCurve, {
    ...{ value: 'KIND', words: 'constant, cosine, or 8000:0.1 (every 8000 steps, times 0.1)' },
    expected: 'constant, cosine, or steps and a factor above 0 and at most 1, such as 8000:0.1',
  }),
  optimiser: choice(['adam', 'adamw'], { words: 'adam or adamw' }),
  /** Of AdamW decoupled, of Adam added to the gradient. */
  weightDecay: number({ from: 0, to: 1, words: 'pulls the weights towards 0' }),
};

const largestNorm = number({ from: 0, to: 1e9, value: 'NORM', words: 'largest gradient norm; 0: no limit' });

const averaging = {
  /** Decay of the moving average of the weights, from 0 (take the last ones) to below 1. */
  averageDecay: number({ from: 0, below: 1, words: 'decay of the saved average; 0: last weights' }),
};

const preset = {
  /** `paper`: the method's published hyper-parameters; `fast`: this program's own, for minutes. Default `fast`. */
  preset: choice(presetNames, {
    ...{ default: 'fast', words: 'paper: as published; fast: for minutes instead of days' },
  }),
};

/** The recipe of denoisers. */
export const recipeOptions = {
  ...preset,
  ...moving,
  /** Largest norm of the gradients; 0 does not clip. */
  clip: largestNorm,
  ...averaging,
};

/** The recipe of what has no `preset` of a method. */
export const plainRecipeOptions = {
  ...moving,
  /** Largest norm of the gradients, of the generator's in a game; 0 does not clip. */
  clipGradients: largestNorm,
  ...averaging,
};

/** What may be said about a recipe besides {@link LearningOptions}; the preset has all that is left out. */
export interface RecipeOptions extends LearningOptions, OptionsOf<typeof recipeOptions> {}

/** The options of learning as trainings into run folders have them, which end when they are told to, and whose presets say the rest. */
export const trainingLearning = retold(learningOptions, {
  ...{ minutes: { usual: 'no limit' }, steps: { usual: 'by the preset' }, patch: { usual: 'by the preset' } },
  ...{ batch: { usual: 'by the preset' }, learningRate: { usual: 'by the preset' } },
});
