import { join } from 'node:path';
import { OptionError, RevelaError } from '../errors.js';
import type { NetworkDescription } from '../networks/index.js';
import { declareParameters, initialiseParameters } from '../nn/index.js';
import type { DeviceChoice, Runtime } from '../runtime/index.js';
import { createRuntime } from '../runtime/index.js';
import type { TensorValue } from '../tensor/index.js';
import type { Progress, RunFolder, TrainingState } from '../training/index.js';
import { createRunFolder, openRunFolder } from '../training/index.js';
import { type BestWeights, recordOf } from './best-weights.js';
import { architectureNamed, methodNamed } from './denoiser-options.js';
import type { DenoiserWeights } from './denoiser-weights.js';
import { loadDenoiserWeights, saveDenoiserWeights } from './denoiser-weights.js';
import { learn, learntParameters } from './learn.js';
import { recordStep } from './record-step.js';
import { checkpointOf, restore, type Restored } from './run-checkpoint.js';
import { isRunSettings, type NewRunOptions, newRunSettings, type RunSettings } from './run-settings.js';
import { catchUp, runValidation, type ValidationMaterial, validationMaterial } from './run-validation.js';

/** Options of {@link trainDenoiser}: those of a new run, or `resume`, and how to do it. */
export interface TrainDenoiserOptions extends NewRunOptions {
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

/** What a training ends with. */
export interface TrainedDenoiser {
  /** The last weights, or their moving average, as the recipe says. */
  readonly weights: DenoiserWeights;
  /** The file of the weights, in the run folder. */
  readonly path: string;
  /** The weights that the validation found best, in a file of their own; missing before the first validation. */
  readonly best?: BestWeights;
  /** False where the signal stopped it before its budget was used up. */
  readonly finished: boolean;
  readonly steps: number;
  /** Of training: validation does not count. */
  readonly seconds: number;
}

/**
 * Trains a denoiser on noisy pictures alone, into a run folder: checkpoints, `config.json`, `metrics.jsonl`,
 * TensorBoard events, samples, and in the end `weights.safetensors` beside `best.safetensors`. A run that was stopped
 * goes on with `resume`; with a budget of steps it ends with the same numbers as one that was not stopped.
 *
 * @throws RevelaError for anything that the user can mend.
 *
 * @example
 * await trainDenoiser({ pictures: ['photos/'], output: 'runs/garden', minutes: 60 });
 */
export async function trainDenoiser(options: TrainDenoiserOptions): Promise<TrainedDenoiser> {
  const { device = 'auto', threads, onProgress, signal } = options;
  const { settings, open } = await settle(options);
  const material = await validationMaterial(settings, methodNamed(settings.method));
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
      return await trainInto(run, settings, material, restored, runtime, options);
    } finally {
      await runtime.close();
    }
  } finally {
    await run.close();
  }
}

/** The settings of a run, and its folder, which a new run makes only when all that it needs was found good. */
async function settle(
  options: TrainDenoiserOptions,
): Promise<{ settings: RunSettings; open: () => Promise<RunFolder> }> {
  const { output, resume, onProgress } = options;
  const warn = (message: string): void => onProgress?.({ kind: 'note', message });
  if (resume !== undefined) {
    const run = await openRunFolder(resume, { warn });
    if (!isRunSettings(run.config))
      throw new RevelaError(`${resume} is the run of another kind of training than a denoiser's`);
    return { settings: run.config, open: async () => run };
  }
  if (output === undefined)
    throw new OptionError('training needs a folder to write to: give --output FOLDER, or --resume FOLDER');
  const settings = await newRunSettings(options);
  return { settings, open: () => createRunFolder(output, { ...settings }, { warn }) };
}

async function trainInto(
  run: RunFolder,
  settings: RunSettings,
  material: ValidationMaterial,
  restored: Restored,
  runtime: Runtime,
  { onProgress, signal, checkpointEvery = 60 }: TrainDenoiserOptions,
): Promise<TrainedDenoiser> {
  const { recipe, budget, seed, files } = settings;
  const method = methodNamed(settings.method);
  const description = architectureNamed(settings.architecture).ofConfig(settings.config);
  const weightsAt = weightsOf(settings, description);
  const listening = {
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(signal === undefined ? {} : { signal }),
  };
  const start = restored.state ?? (await firstParameters(settings, description));
  const { step = 0, seconds = 0 } = restored.state ?? {};
  const validation = await runValidation({
    ...{ run, settings, method, material, runtime, weightsAt },
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
  const state = await learn(runtime, {
    ...{ method, description, recipe, seed, budget, files, start, validation, checkpointEvery },
    ...listening,
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

/** Weights to start from: given ones, or fresh ones. */
async function firstParameters(
  { weights, seed }: RunSettings,
  { network, inputChannels }: NetworkDescription,
): Promise<Readonly<Record<string, TensorValue>>> {
  if (weights !== null) return (await loadDenoiserWeights(weights)).parameters;
  return initialiseParameters(declareParameters(network, [1, inputChannels, 64, 64]), seed);
}

/**
 * What parameters after a step make. The seconds are recorded where they decided how long the training took: otherwise
 * runs of one seed give files that are the same byte by byte.
 */
function weightsOf(
  { method, seed, files, licence, budget }: RunSettings,
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
    },
    licence,
  });
}
