import type { OptionNames } from '../known-options.js';
import type { NewDistillationOptions } from './student/distill-settings.js';
import type { GameOptions } from './upscaler/game-options.js';
import { deviceOptions } from '../apply/index.js';
import { learningOptions } from '../models/options.js';
import type { RecipeOptions } from './recipe.js';
import type { NewRunOptions } from './run-settings.js';
import type { NewScorerOptions } from './scorer/scorer-settings.js';
import type { RunOptions } from './run-kind.js';
import type { NewUpscalerOptions } from './upscaler/upscaler-settings.js';

const run: OptionNames<RunOptions> = {
  ...deviceOptions,
  ...{ output: true, resume: true, minutes: true, steps: true, checkpointEvery: true },
};

const recipe: OptionNames<RecipeOptions> = {
  ...learningOptions,
  ...{ preset: true, optimiser: true, weightDecay: true, schedule: true, clip: true, averageDecay: true },
};

const { method: _method, ...withoutMethod } = recipe;
const { preset: _preset, clip: _clip, ...recipeOfStages } = withoutMethod;
const { network: _network, modules: _modules, ...recipeOfScorers } = recipeOfStages;

const paired = { validationNoisy: true, validationClean: true, validateEvery: true } as const;
const large = { validation: true, validateEvery: true, from: true, clipGradients: true } as const;
const common = { pictures: true, recursive: true, licence: true } as const;

/** Options of `trainDenoiser`. */
export const denoiserTrainingNames: OptionNames<NewRunOptions & RunOptions> = {
  ...{
    ...common,
    clean: true,
    leaveOutNoisy: true,
    include: true,
    weights: true,
    ...paired,
    ...recipe,
    ...run,
  },
};

/** Options of `distill`. */
export const distillationNames: OptionNames<NewDistillationOptions & RunOptions> = {
  ...{ ...common, teacher: true, variants: true, recharge: true, ...paired, ...withoutMethod, ...run },
};

/** Options of `trainScorer`. */
export const scorerTrainingNames: OptionNames<NewScorerOptions & RunOptions> = {
  ...{ ...common, ...large, ...recipeOfScorers, ...run },
};

const game: OptionNames<GameOptions> = {
  ...{ vgg: true, lpips: true, lossWeights: true, clip: true, backbone: true, discriminators: true },
  ...{ adversarialLoss: true, featureLayers: true, featureChannels: true, featureDepth: true },
  ...{ featureKernel: true, featureScaling: true, promptPairs: true, promptTokens: true, promptScale: true },
  ...{ promptLossScale: true, promptDeviation: true, promptWords: true, promptInput: true },
  ...{ promptAverage: true, promptRate: true, discriminatorRate: true, discriminatorBetas: true },
  ...{ clipNormalisation: true, calibrateEvery: true, adversarialShare: true, calibrateAt: true },
};

/** Options of `trainUpscaler`. */
export const upscalerTrainingNames: OptionNames<NewUpscalerOptions & RunOptions> = {
  ...{
    ...common,
    ...large,
    stage: true,
    preset: true,
    scale: true,
    patchesPerSquare: true,
    teacher: true,
    spoiltTeacher: true,
  },
  ...{ validationLpips: true, leaveOutNoisy: true, ...recipeOfStages, ...game, ...run },
};
