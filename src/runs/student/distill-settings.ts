import { resolve } from 'node:path';
import { defaultVariants, distilled, teacherVariant } from '../../denoise/index.js';
import { OptionError } from '../../errors.js';
import { budgetOr } from '../../training/index.js';
import {
  architectureNamed,
  inferenceMethodNamed,
  loadDenoiserWeights,
  weightsAt,
  absoluteWeights,
} from '../../models/index.js';
import { seedOf } from '../../option-checks.js';
import { presetNamed, type RecipeOptions, settleRecipe } from '../recipe.js';
import { trainingPictures } from '../training-pictures.js';
import { type TrainingSettings, type ValidationOptions, validationSettings } from '../run-settings.js';

/**
 * What a new distillation is told. Without pairs to validate on, the student is measured by how far it is from its
 * teacher's results.
 */
export interface NewDistillationOptions extends Omit<RecipeOptions, 'method'>, ValidationOptions {
  /** Noisy pictures: files, globs or folders. */
  readonly pictures?: readonly string[];
  /** The teacher's weights: a file, or the folder of a run. */
  readonly teacher?: string;
  /** How the teacher is run; see `teacherVariant`. Default: by its method. */
  readonly variants?: readonly string[];
  /** Put noisy pixels into the targets, see `recharged`; default false. */
  readonly recharge?: boolean;
  /** Also look for pictures in the folders inside folders. */
  readonly recursive?: boolean;
  /** Under which terms the weights may be used; kept in their file. Default: those of the teacher. */
  readonly licence?: string;
}

/** The settings of a distillation. */
export interface DistillationSettings extends TrainingSettings {
  readonly kind: 'distillation';
  readonly teacher: string;
  /** The teacher's method. */
  readonly teacherMethod: string;
  readonly variants: readonly string[];
  readonly recharge: boolean;
}

/**
 * Settles what a new distillation depends on.
 *
 * @param tell gets a line for what was left out
 * @throws RevelaError for options that cannot be used and files that are missing
 */
export async function newDistillation(
  options: NewDistillationOptions,
  tell: (line: string) => void = () => {},
): Promise<DistillationSettings> {
  const { pictures = [], recursive = false, recharge = false } = options;
  if (options.teacher === undefined)
    throw new OptionError('a distillation needs a teacher: give `teacher` WEIGHTS');
  const file = await weightsAt(options.teacher);
  const teacher = await loadDenoiserWeights(file);
  const method = inferenceMethodNamed(teacher.method);
  const variants = options.variants ?? defaultVariants(method);
  if (variants.length === 0) throw new OptionError('`variants` must name at least one variant');
  for (const variant of variants) teacherVariant(variant, method);
  const description = architectureNamed(options.network ?? distilled.defaultNetwork).ofSize(options);
  const budget = budgetOr(options, { steps: presetNamed(distilled, options.preset).steps });
  const recipe = settleRecipe(options, { ...distilled, training: { patchMultiple: 1 } }, description, false);
  if (options.validationNoisy !== undefined && options.validationClean === undefined)
    throw new OptionError(
      '`validationNoisy` needs `validationClean`: a student is measured on pairs, or by its teacher without any',
    );
  const validation = await validationSettings(options);
  const files = await trainingPictures(pictures, { recursive, onLeftOut: tell });
  return {
    kind: 'distillation',
    method: distilled.name,
    teacher: await absoluteWeights(file),
    teacherMethod: method.name,
    variants,
    recharge,
    architecture: description.architecture,
    config: description.config,
    preset: options.preset ?? 'fast',
    recipe,
    seed: seedOf(options),
    budget,
    files: files.map((file) => resolve(file)),
    licence: options.licence ?? teacher.licence,
    validation,
  };
}
