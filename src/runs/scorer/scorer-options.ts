import { type OptionsOf, path, retold } from '../../options/index.js';
import { plainRecipeOptions, trainingLearning } from '../recipe-options.js';
import { licenceOptions, materialOptions, runOptions } from '../run-options.js';
import { goodValidationOptions } from '../validation-options.js';

const { method: _method, network: _network, channels: _channels, modules: _, ...learning } = trainingLearning;

/** What the training of a new scorer is told, in the parts that help shows. No opinion can be given to it. */
export const scorerParts = {
  start: {
    ...materialOptions,
    /** Start from these weights: a file, or the folder of a run. */
    from: path({ value: 'PATH', words: 'start from a file or a run folder', usual: 'a new network' }),
    ...licenceOptions,
  },
  learning: retold(learning, {
    ...{ steps: { usual: 'by the recipe' }, baseChannels: { usual: '32' }, batch: { usual: '4' } },
    patch: { words: 'side of the patches, a multiple of 32', usual: '160' },
    learningRate: { usual: '0.001' },
  }),
  recipe: plainRecipeOptions,
  validation: retold(goodValidationOptions, { validation: { usual: 'the training pictures' } }),
};

const { start, learning: learnt, recipe, validation } = scorerParts;

/** What the training of a new scorer is told: good pictures, and how to learn. */
export const newScorerOptions = { ...start, ...learnt, ...recipe, ...validation };

/** What the training of a new scorer is told: good pictures, and how to learn. No opinion can be given to it. */
export interface NewScorerOptions extends OptionsOf<typeof newScorerOptions> {}

/** Options of `trainScorer`. */
export const trainScorerOptions = { ...runOptions, ...newScorerOptions };
