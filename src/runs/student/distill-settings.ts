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
import { settled } from '../../options/index.js';
import { presetNamed, settleRecipe } from '../recipe.js';
import { trainingPictures } from '../training-pictures.js';
import { type TrainingSettings, validationSettings } from '../run-settings.js';
import { type NewDistillationOptions, newDistillationOptions } from './distill-options.js';

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
  const asked = settled(newDistillationOptions, options);
  const { pictures = [], recursive, recharge, preset, seed } = asked;
  if (options.teacher === undefined)
    throw new OptionError('a distillation needs a teacher: give `teacher` WEIGHTS');
  const file = await weightsAt(options.teacher);
  const teacher = await loadDenoiserWeights(file);
  const method = inferenceMethodNamed(teacher.method);
  const variants = options.variants ?? defaultVariants(method);
  for (const variant of variants) teacherVariant(variant, method);
  const description = architectureNamed(options.network ?? distilled.defaultNetwork).ofSize(options);
  const budget = budgetOr(options, { steps: presetNamed(distilled, preset).steps });
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
    preset,
    recipe,
    seed,
    budget,
    files: files.map((file) => resolve(file)),
    licence: options.licence ?? teacher.licence,
    validation,
  };
}
