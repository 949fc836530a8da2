import { weightsNaming } from '../../models/options.js';
import { flag, list, type OptionsOf, path, retold } from '../../options/index.js';
import { recipeOptions, trainingLearning } from '../recipe-options.js';
import { licenceOptions, materialOptions, runOptions } from '../run-options.js';
import { pairValidationOptions } from '../validation-options.js';

const many = { value: 'PICTURE...', expected: 'files, patterns or folders' } as const;

/** What the training of a new denoiser is told, in the parts that help shows. */
export const denoiserParts = {
  start: {
    /** Noisy pictures: files, globs or folders. For the method `supervised` without `clean`: clean ones. */
    ...materialOptions,
    /** More of them: the pictures that are to be denoised in the end, as SDAP (S) has it. */
    include: list(path({ words: '' }), { ...many, words: 'more pictures to learn from', usual: 'none' }),
    /** The clean pictures that belong to the noisy ones, by their names: learn from these pairs (`supervised`). */
    clean: list(path({ words: '' }), {
      ...{ ...many, words: 'supervised: the clean pictures of noisy ones, by name', usual: 'none' },
    }),
    /** Leave out clean pictures that turn out to be noisy when they are measured; default: they are told. `supervised` only. */
    leaveOutNoisy: flag({ default: false, words: 'supervised: leave out pictures that are not clean' }),
    /** Start from these weights instead of fresh ones: a file, or the folder of a run. */
    weights: path({
      ...{ short: 'w', value: 'WEIGHTS', words: `start from a ${weightsNaming}`, usual: 'a new network' },
    }),
    ...licenceOptions,
  },
  learning: retold(trainingLearning, { method: { usual: 'sdap' }, network: { usual: 'by the method' } }),
  recipe: recipeOptions,
  validation: pairValidationOptions,
};

const { start, learning, recipe, validation } = denoiserParts;

/** What a new run is told: how to learn, from what, and what it is measured on. */
export const newRunOptions = { ...start, ...learning, ...recipe, ...validation };

/** What a new run is told: how to learn, from what, and what it is measured on. */
export interface NewRunOptions extends OptionsOf<typeof newRunOptions> {}

/** Options of `trainDenoiser`. */
export const trainDenoiserOptions = { ...runOptions, ...newRunOptions };
