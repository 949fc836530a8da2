import { distilled, teacherVariant, distillationObjective } from '../../denoise/index.js';
import { createPatchSource, type Raster } from '../../images/index.js';
import { networkParameters } from '../../networks/index.js';
import { initialiseParameters } from '../../nn/index.js';
import { openedOf } from '../../training/index.js';
import { inferenceMethodNamed, loadDenoiserWeights } from '../../models/index.js';
import {
  type DistillationSettings,
  type NewDistillationOptions,
  newDistillation,
} from './distill-settings.js';
import { drawing, type ValidationMaterial } from '../run-validation.js';
import { chooseSubjects, named } from '../sample-pictures.js';
import { settingsSchemas } from '../stored-settings.js';
import { teacherTargets } from './teacher-targets.js';
import { distillationNames } from '../training-option-names.js';
import { type RunOptions, type TrainedWeights, trainRun } from '../training-run.js';
import { measureByTeacher, measureOnPairs } from '../validation-scores.js';
import { present } from '../../present.js';

/** Options of {@link distill}: those of a new run, or `resume`, and how to do it. */
export interface DistillOptions extends NewDistillationOptions, RunOptions {}

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
  const { onProgress, signal } = options;
  return trainRun(
    {
      called: 'distill',
      options: distillationNames,
      product: 'a student',
      task: 'denoise',
      schema: settingsSchemas.distillation,
      newSettings: (tell) => newDistillation(options, tell),
      async prepare(settings, description) {
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
            open(size, startStep) {
              const learnt = { network: description.network, size, teachers: variants.length };
              return openedOf(createPatchSource({ rasters, ...size, seed, startStep }), (patches) =>
                distillationObjective({ ...learnt, patches, recharge, seed }),
              );
            },
            startedFrom: `the teacher ${file}, ${teacherMethod}: ${list}`,
          };
        };
      },
    },
    options,
  );
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
