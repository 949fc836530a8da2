import { distilled, teacherVariant, distillationData, distillationObjective } from '../../denoise/index.js';
import { createPatchSource, type Raster } from '../../images/index.js';
import { networkParameters } from '../../networks/index.js';
import { initialiseParameters } from '../../nn/index.js';
import { laneSeed } from '../../rounds/index.js';
import { batchesByStep, openedOf } from '../../training/index.js';
import { inferenceMethodNamed, loadDenoiserWeights } from '../../models/index.js';
import { distillOptions, type NewDistillationOptions } from './distill-options.js';
import { type DistillationSettings, newDistillation } from './distill-settings.js';
import { clipAgain, networkAgain, pairsAgain, presetAgain, recipeAgain } from '../again.js';
import { denoiserMeasuredOn, rgbNumbers } from '../measured-on.js';
import { presetNames } from '../recipe-options.js';
import { drawing, type ValidationMaterial } from '../run-validation.js';
import { chooseSubjects, named } from '../sample-pictures.js';
import { settingsSchemas } from '../stored-settings.js';
import { teacherTargets } from './teacher-targets.js';
import type { RunKind } from '../run-kind.js';
import type { RunOptions } from '../run-options.js';
import { type TrainedWeights, trainRun } from '../training-run.js';
import { measureByTeacher, measureOnPairs } from '../validation-scores.js';
import { present } from '../../present.js';

/** Options of {@link distill}: those of a new run, or `resume`, and how to do it. */
export interface DistillOptions extends NewDistillationOptions, RunOptions {}

/** The training of a student, with all that the house knows of it. */
export const distillationKind = {
  name: 'distillation',
  called: 'distill',
  options: distillOptions,
  command: 'distill',
  title: 'a student',
  product: 'a student',
  task: 'denoise',
  schema: settingsSchemas.distillation,
  newSettings: newDistillation,
  async prepare(settings, description, { onProgress, signal }) {
    const { teacher: file, teacherMethod, seed, files, recharge } = settings;
    const teacher = await loadDenoiserWeights(file);
    const method = inferenceMethodNamed(teacherMethod);
    const variants = settings.variants.map((variant) => teacherVariant(variant, method));
    const materialOf = await readMaterial(settings);
    return async (runtime) => {
      const list = settings.variants.join(', ');
      onProgress?.({ kind: 'note', message: `The teacher denoises the pictures: ${list}` });
      const rasters = await teacherTargets(runtime, files, {
        ...{ teacher, method, variants, seed },
        ...present({ onProgress, signal }),
      });
      return {
        material: await materialOf(rasters),
        first: async () => initialiseParameters(networkParameters(description), seed),
        async open(size, startStep, lane = 0) {
          const own = laneSeed(seed, lane);
          const distillation = { size, teachers: variants.length, recharge };
          const source = await batchesByStep(
            (first) => createPatchSource({ rasters, ...size, seed: own, startStep: first }),
            startStep,
          );
          return openedOf(source, (patches) => ({
            objective: distillationObjective(description.network, distillation),
            data: distillationData(patches, distillation, own),
          }));
        },
        startedFrom: `the teacher ${file}, ${teacherMethod}: ${list}`,
      };
    };
  },
  share: async (settings, { picture, weights }) => ({
    ...settings,
    teacher: await weights(settings.teacher),
    files: await Promise.all(settings.files.map(picture)),
    validation: { pairs: [], pictures: [] },
  }),
  again: (settings) => ({
    teacher: settings.teacher,
    variants: settings.variants,
    ...present({ recharge: settings.recharge || undefined }),
    ...presetAgain(settings, presetNames),
    ...networkAgain(settings),
    ...recipeAgain(settings),
    clip: clipAgain(settings),
    ...pairsAgain(settings),
  }),
  measuredOn: (settings) =>
    settings.validation.pairs.length > 0
      ? denoiserMeasuredOn(settings)
      : "the distance from the teacher's results on fixed patches",
  numbers: rgbNumbers,
  samples: { before: 'noisy', after: 'denoised', truth: 'clean' },
} as const satisfies RunKind<DistillationSettings, DistillOptions>;

/**
 * Distils a teacher into a small student, into a run folder as `trainDenoiser` makes it. First the teacher denoises the
 * noisy pictures in each of its variants; then the student learns to give all those results in one pass over the
 * picture as it is. The budget is that of the student's training; the teacher's time comes on top. A run that was
 * stopped goes on with `resume`, for which the teacher works once more.
 *
 * @throws RevelaError for anything that the user can mend.
 *
 * @example
 * await distill({ pictures: ['photos/'], teacher: 'sdap.safetensors', output: 'runs/student', minutes: 30 });
 */
export function distill(options: DistillOptions): Promise<TrainedWeights> {
  return trainRun(distillationKind, options);
}

/** Reads what the student is measured on; how far it is from its teacher is known only when the teacher has worked. */
async function readMaterial({
  validation: { pairs },
  files,
  recipe,
  variants,
}: DistillationSettings): Promise<(rasters: readonly Raster[]) => Promise<ValidationMaterial>> {
  if (pairs.length > 0) {
    const material = {
      measure: await measureOnPairs(pairs, distilled),
      draw: drawing(await chooseSubjects(pairs), distilled),
    };
    return async () => material;
  }
  const subjects = await chooseSubjects(named(files));
  const patch = recipe.stages.at(-1)?.patch ?? 128;
  return async (rasters) => ({
    draw: drawing(subjects, distilled),
    measure: await measureByTeacher(rasters, variants.length, patch),
  });
}
