import { join } from 'node:path';
import { distilled, teacherVariant } from '../denoise/index.js';
import { OptionError, RevelaError } from '../errors.js';
import { createPatchSource, type Raster } from '../images/index.js';
import type { NetworkDescription } from '../networks/index.js';
import { declareParameters, initialiseParameters } from '../nn/index.js';
import type { DeviceChoice, Runtime } from '../runtime/index.js';
import { createRuntime } from '../runtime/index.js';
import type { TensorValue } from '../tensor/index.js';
import type { Progress, RunFolder, TrainingState } from '../training/index.js';
import { createRunFolder, distillationObjective, openRunFolder } from '../training/index.js';
import { architectureNamed, inferenceMethodNamed } from './denoiser-options.js';
import type { DenoiserWeights } from './denoiser-weights.js';
import { loadDenoiserWeights, saveDenoiserWeights } from './denoiser-weights.js';
import {
  type DistillationSettings,
  isDistillation,
  type NewDistillationOptions,
  newDistillation,
} from './distill-settings.js';
import { learnInStages, learntParameters } from './learn.js';
import { recordOf } from './best-weights.js';
import { recordStep } from './record-step.js';
import { checkpointOf, restore, type Restored } from './run-checkpoint.js';
import { catchUp, runValidation, type ValidationMaterial } from './run-validation.js';
import { chooseSubjects, named, type Subject } from './sample-pictures.js';
import { teacherTargets } from './teacher-targets.js';
import type { TrainedDenoiser } from './train-denoiser.js';
import { type Measure, measureByTeacher, measureOnPairs } from './validation-scores.js';

/** Options of {@link distill}: those of a new run, or `resume`, and how to do it. */
export interface DistillOptions extends NewDistillationOptions {
  /** The run folder to make. Not with `resume`. */
  readonly output?: string;
  /** The run folder to go on with; its settings count, and no others may be given. */
  readonly resume?: string;
  /** Seconds between checkpoints; default 60. */
  readonly checkpointEvery?: number;
  readonly device?: DeviceChoice;
  readonly threads?: number;
  readonly onProgress?: (progress: Progress) => void;
  /** Stops after the step in progress and saves; resume the run folder to go on. */
  readonly signal?: AbortSignal;
}

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
export async function distill(options: DistillOptions): Promise<TrainedDenoiser> {
  const { device = 'auto', threads, onProgress, signal } = options;
  const { settings, open } = await settle(options);
  const teacher = await loadDenoiserWeights(settings.teacher);
  const material = await readMaterial(settings);
  const run = await open();
  try {
    const restored = await restore(run, settings.recipe);
    const runtime = await createRuntime({
      device,
      ...(threads === undefined ? {} : { threads }),
      ...(signal === undefined ? {} : { signal }),
      onWarning: (message) => onProgress?.({ kind: 'note', message }),
    });
    onProgress?.({ kind: 'note', message: `Device: ${runtime.description}` });
    try {
      return await distillInto(run, settings, { teacher, material, restored }, runtime, options);
    } finally {
      await runtime.close();
    }
  } finally {
    await run.close();
  }
}

/** The settings of a run, and its folder, which a new run makes only when all that it needs was found good. */
async function settle(
  options: DistillOptions,
): Promise<{ settings: DistillationSettings; open: () => Promise<RunFolder> }> {
  const { output, resume, onProgress } = options;
  const warn = (message: string): void => onProgress?.({ kind: 'note', message });
  if (resume !== undefined) {
    const run = await openRunFolder(resume, { warn });
    if (!isDistillation(run.config))
      throw new RevelaError(`${resume} is the run of another kind of training than a distillation`);
    return { settings: run.config, open: async () => run };
  }
  if (output === undefined)
    throw new OptionError('distilling needs a folder to write to: give --output FOLDER, or --resume FOLDER');
  const settings = await newDistillation(options);
  return { settings, open: () => createRunFolder(output, { ...settings }, { warn }) };
}

/** What the student is measured on; how far it is from its teacher is known only when the teacher has worked. */
interface Material {
  readonly onPairs?: Measure;
  readonly subjects: readonly Subject[];
}

async function readMaterial({ validation: { pairs }, files }: DistillationSettings): Promise<Material> {
  if (pairs.length === 0) return { subjects: await chooseSubjects(named(files)) };
  return { onPairs: await measureOnPairs(pairs, distilled), subjects: await chooseSubjects(pairs) };
}

async function withMeasure(
  { onPairs, subjects }: Material,
  rasters: readonly Raster[],
  { recipe, variants }: DistillationSettings,
): Promise<ValidationMaterial> {
  const patch = recipe.stages.at(-1)?.patch ?? 128;
  return { subjects, measure: onPairs ?? (await measureByTeacher(rasters, variants.length, patch)) };
}

/** What a distillation works with, read before it begins. */
interface Prepared {
  readonly teacher: DenoiserWeights;
  readonly material: Material;
  readonly restored: Restored;
}

async function distillInto(
  run: RunFolder,
  settings: DistillationSettings,
  { teacher, material, restored }: Prepared,
  runtime: Runtime,
  { onProgress, signal, checkpointEvery = 60 }: DistillOptions,
): Promise<TrainedDenoiser> {
  const { recipe, budget, seed, files, recharge } = settings;
  const method = inferenceMethodNamed(settings.teacherMethod);
  const variants = settings.variants.map((variant) => teacherVariant(variant, method));
  const description = architectureNamed(settings.architecture).ofConfig(settings.config);
  const { network, inputChannels, multiple } = description;
  const listening = {
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(signal === undefined ? {} : { signal }),
  };
  onProgress?.({
    kind: 'note',
    message: `The teacher denoises the pictures: ${settings.variants.join(', ')}`,
  });
  const rasters = await teacherTargets(runtime, files, { teacher, method, variants, seed, ...listening });
  const weightsAt = weightsOf(settings, description);
  const { step = 0, seconds = 0 } = restored.state ?? {};
  const validation = await runValidation({
    ...{ run, settings, method: distilled, runtime, weightsAt },
    material: await withMeasure(material, rasters, settings),
    start: { step, seconds, validation: restored.validation },
    ...listening,
  });
  if (restored.state !== undefined) await catchUp(run, validation, restored.state, settings);
  let saved = -1;
  const save = async (state: TrainingState): Promise<void> => {
    if (saved === state.step) return; // the end, and the moment for a checkpoint as well
    const path = await run.saveCheckpoint(checkpointOf(state, validation.state));
    saved = state.step;
    onProgress?.({ kind: 'checkpoint', step: state.step, path });
  };
  const side = Math.max(64, 2 * multiple);
  const fresh = initialiseParameters(declareParameters(network, [1, inputChannels, side, side]), seed);
  const state = await learnInStages(runtime, {
    ...{ recipe, budget, checkpointEvery, validation },
    start: restored.state ?? fresh,
    ...listening,
    open(size, startStep) {
      const patches = createPatchSource({ rasters, ...size, seed, startStep });
      const teachers = variants.length;
      const objective = distillationObjective({ network, patches, size, teachers, recharge, seed });
      return { objective, close: () => patches.close() };
    },
    onStep: (report) => recordStep(run, report),
    onCheckpoint: save,
  });
  await save(state);
  const { last } = validation.state;
  const plain = weightsAt(state.step, learntParameters(state, recipe), state.seconds);
  const scores = last?.step === state.step ? recordOf(last.scores) : {};
  const weights = { ...plain, record: { ...plain.record, ...scores } };
  const path = join(run.path, 'weights.safetensors');
  await saveDenoiserWeights(path, weights);
  return {
    weights,
    path,
    ...(validation.best === undefined ? {} : { best: validation.best }),
    finished: signal?.aborted !== true,
    steps: state.step,
    seconds: state.seconds,
  };
}

/** What parameters after a step make; the seconds are recorded where they decided how long the training took. */
function weightsOf(
  { method, teacher, teacherMethod, variants, seed, files, licence, budget }: DistillationSettings,
  description: NetworkDescription,
): (step: number, parameters: Readonly<Record<string, TensorValue>>, seconds?: number) => DenoiserWeights {
  return (steps, parameters, seconds) => ({
    method,
    description,
    parameters,
    record: {
      method,
      steps,
      ...(seconds === undefined || budget.minutes === undefined ? {} : { seconds: Math.round(seconds) }),
      seed,
      pictures: files.length,
      startedFrom: `the teacher ${teacher}, ${teacherMethod}: ${variants.join(', ')}`,
    },
    licence,
  });
}
