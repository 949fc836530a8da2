import { weightsNaming } from '../../models/options.js';
import { flag, list, type OptionsOf, path, retold, text } from '../../options/index.js';
import { recipeOptions, trainingLearning } from '../recipe-options.js';
import { licenceOptions, materialOptions, runOptions } from '../run-options.js';
import { pairValidationOptions } from '../validation-options.js';

const { method: _method, ...learning } = trainingLearning;

/** What a new distillation is told, in the parts that help shows. */
export const distillParts = {
  start: {
    ...materialOptions,
    /** Default: that of the teacher. */
    ...retold(licenceOptions, { licence: { usual: "the teacher's" } }),
  },
  teacher: {
    /** The teacher's weights: a file, or the folder of a run. */
    teacher: path({ value: 'WEIGHTS', words: weightsNaming, usual: 'required' }),
    /** How the teacher is run; see `teacherVariant`. Default: by its method. */
    variants: list(text({ words: '' }), {
      ...{
        value: 'LIST',
        commas: true,
        least: 1,
        expected: 'variants, at least one',
        usual: 'by the method',
      },
      words: 'results to learn from, such as pd2+enhanced,pd3+detail',
    }),
    /** Put noisy pixels into the targets, see `recharged`; default false. */
    recharge: flag({ default: false, words: 'mix noisy pixels into the results, to keep detail' }),
  },
  learning: retold(learning, { network: { usual: 'student' } }),
  recipe: recipeOptions,
  validation: retold(pairValidationOptions, {
    validationNoisy: { usual: 'none; distance from the teacher' },
  }),
};

const { start, teacher, learning: learnt, recipe, validation } = distillParts;

/** What a new distillation is told. */
export const newDistillationOptions = { ...start, ...teacher, ...learnt, ...recipe, ...validation };

/**
 * What a new distillation is told. Without pairs to validate on, the student is measured by how far it is from its
 * teacher's results.
 */
export interface NewDistillationOptions extends OptionsOf<typeof newDistillationOptions> {}

/** Options of `distill`. */
export const distillOptions = { ...runOptions, ...newDistillationOptions };
