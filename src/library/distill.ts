import { join } from 'node:path';
import { teacherVariant } from '../denoise/index.js';
import { OptionError, RevelaError } from '../errors.js';
import { createPatchSource } from '../images/index.js';
import { declareParameters, initialiseParameters } from '../nn/index.js';
import type { DeviceChoice, Runtime } from '../runtime/index.js';
import { createRuntime } from '../runtime/index.js';
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
import { recordStep } from './record-step.js';
import { checkpointOf, restore, type Restored } from './run-checkpoint.js';
import { teacherTargets } from './teacher-targets.js';
import type { TrainedDenoiser } from './train-denoiser.js';

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
  const { run, settings } = await openRun(options);
  try {
    const teacher = await loadDenoiserWeights(settings.teacher);
    const restored = await restore(run, settings.recipe);
    const runtime = await createRuntime({
      device,
      ...(threads === undefined ? {} : { threads }),
      ...(signal === undefined ? {} : { signal }),
      onWarning: (message) => onProgress?.({ kind: 'note', message }),
    });
    onProgress?.({ kind: 'note', message: `Device: ${runtime.description}` });
    try {
      return await distillInto(run, settings, teacher, restored, runtime, options);
    } finally {
      await runtime.close();
    }
  } finally {
    await run.close();
  }
}

async function openRun(options: DistillOptions): Promise<{ run: RunFolder; settings: DistillationSettings }> {
  const { output, resume, onProgress } = options;
  const warn = (message: string): void => onProgress?.({ kind: 'note', message });
  if (resume !== undefined) {
    const run = await openRunFolder(resume, { warn });
    if (!isDistillation(run.config))
      throw new RevelaError(`${resume} is the run of another kind of training than a distillation`);
    return { run, settings: run.config };
  }
  if (output === undefined)
    throw new OptionError('distilling needs a folder to write to: give --output FOLDER, or --resume FOLDER');
  const settings = await newDistillation(options);
  return { run: await createRunFolder(output, { ...settings }, { warn }), settings };
}

async function distillInto(
  run: RunFolder,
  settings: DistillationSettings,
  teacher: DenoiserWeights,
  restored: Restored,
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
  const save = async (state: TrainingState): Promise<void> => {
    const path = await run.saveCheckpoint(checkpointOf(state, restored.validation));
    onProgress?.({ kind: 'checkpoint', step: state.step, path });
  };
  const side = Math.max(64, 2 * multiple);
  const fresh = initialiseParameters(declareParameters(network, [1, inputChannels, side, side]), seed);
  const state = await learnInStages(runtime, {
    ...{ recipe, budget, checkpointEvery },
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
  const weights: DenoiserWeights = {
    method: settings.method,
    description,
    parameters: learntParameters(state, recipe),
    record: {
      method: settings.method,
      steps: state.step,
      ...(budget.minutes === undefined ? {} : { seconds: Math.round(state.seconds) }),
      seed,
      pictures: files.length,
      startedFrom: `the teacher ${settings.teacher}, ${settings.teacherMethod}: ${settings.variants.join(', ')}`,
    },
    licence: settings.licence,
  };
  const path = join(run.path, 'weights.safetensors');
  await saveDenoiserWeights(path, weights);
  return {
    weights,
    path,
    finished: signal?.aborted !== true,
    steps: state.step,
    seconds: state.seconds,
  };
}
