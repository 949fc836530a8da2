import { join, resolve } from 'node:path';
import { OptionError, RevelaError } from '../errors.js';
import { findPictures } from '../images/index.js';
import type { NetworkDescription } from '../networks/index.js';
import { declareParameters, initialiseParameters } from '../nn/index.js';
import type { DeviceChoice } from '../runtime/index.js';
import { createRuntime } from '../runtime/index.js';
import type { TensorValue } from '../tensor/index.js';
import type { Progress, RunFolder, StepReport, TrainingPlan, TrainingState } from '../training/index.js';
import { checkBudget, createRunFolder, openRunFolder, stateKinds, tensorGroup } from '../training/index.js';
import type { StoredTensor } from '../weights/index.js';
import { toFloat32 } from '../weights/index.js';
import type { LearningNumbers, LearningOptions } from './denoiser-options.js';
import { architectureNamed, checkLearning, methodNamed } from './denoiser-options.js';
import type { DenoiserWeights } from './denoiser-weights.js';
import { loadDenoiserWeights, saveDenoiserWeights } from './denoiser-weights.js';
import { ADAPTING_RATE, averagedParameters, freshRate, learn, OPTIMISER } from './learn.js';

/** TensorBoard gets every so many steps; `metrics.jsonl` gets all. */
const EVENT_INTERVAL = 10;

/** Options of {@link trainDenoiser}. */
export interface TrainDenoiserOptions extends LearningOptions {
  /** Noisy pictures: files, globs or folders. Not with `resume`. */
  readonly pictures?: readonly string[];
  /** The run folder to make. Not with `resume`. */
  readonly output?: string;
  /** The run folder to go on with; its settings count, and no others may be given. */
  readonly resume?: string;
  /** Start from these weights instead of fresh ones. */
  readonly weights?: string;
  /** Also look for pictures in the folders inside folders. */
  readonly recursive?: boolean;
  /** Under which terms the weights may be used; kept in their file. */
  readonly licence?: string;
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
  readonly weights: DenoiserWeights;
  /** The file of the weights, in the run folder. */
  readonly path: string;
  /** False where the signal stopped it before its budget was used up. */
  readonly finished: boolean;
  readonly steps: number;
  readonly seconds: number;
}

/** What `config.json` holds: all that the numbers of a run depend on. */
interface RunSettings {
  readonly method: string;
  readonly architecture: string;
  readonly config: NetworkDescription['config'];
  readonly numbers: LearningNumbers;
  readonly budget: { readonly minutes?: number; readonly steps?: number };
  readonly files: readonly string[];
  readonly weights: string | null;
  readonly licence: string;
}

function isSettings(
  value: Readonly<Record<string, unknown>>,
): value is Readonly<Record<string, unknown>> & RunSettings {
  const { method, architecture, config, numbers, budget, files } = value;
  const isObject = (x: unknown): boolean => typeof x === 'object' && x !== null;
  return (
    typeof method === 'string' &&
    typeof architecture === 'string' &&
    isObject(config) &&
    isObject(numbers) &&
    isObject(budget) &&
    Array.isArray(files)
  );
}

async function newSettings(options: TrainDenoiserOptions): Promise<RunSettings> {
  const {
    pictures = [],
    recursive = false,
    minutes,
    steps,
    weights,
    method = 'sdap',
    network = 'dbsnl',
    licence = 'unknown',
  } = options;
  const budget = { ...(minutes === undefined ? {} : { minutes }), ...(steps === undefined ? {} : { steps }) };
  checkBudget(budget);
  if (weights !== undefined && (options.network ?? options.baseChannels ?? options.modules) !== undefined)
    throw new OptionError(
      '--weights brings its own network: leave out --network, --base-channels and --modules',
    );
  const files = (await findPictures(pictures, { recursive })).map((file) => resolve(file));
  const description =
    weights === undefined
      ? architectureNamed(network).ofSize(options)
      : (await loadDenoiserWeights(weights)).description;
  const rate = weights === undefined ? freshRate(description) : ADAPTING_RATE;
  const numbers = checkLearning(options, methodNamed(method), rate);
  const { architecture, config } = description;
  return {
    method,
    architecture,
    config,
    numbers,
    budget,
    files,
    weights: weights === undefined ? null : resolve(weights),
    licence,
  };
}

async function openRun(options: TrainDenoiserOptions): Promise<{ run: RunFolder; settings: RunSettings }> {
  const { output, resume, onProgress } = options;
  const warn = (message: string): void => onProgress?.({ kind: 'note', message });
  if (resume !== undefined) {
    const run = await openRunFolder(resume, { warn });
    if (!isSettings(run.config))
      throw new RevelaError(`${resume} is the run of another kind of training than a denoiser's`);
    return { run, settings: run.config };
  }
  if (output === undefined)
    throw new OptionError('training needs a folder to write to: give --output FOLDER, or --resume FOLDER');
  const settings = await newSettings(options);
  return { run: await createRunFolder(output, { ...settings }, { warn }), settings };
}

/** Kinds and keys of a state as the flat names of a checkpoint. */
function stored(state: TrainingState): Map<string, StoredTensor> {
  const tensors = new Map<string, StoredTensor>();
  for (const [kind, group] of Object.entries(state.tensors))
    for (const [key, { shape, data }] of Object.entries(group))
      tensors.set(`${kind}/${key}`, { dtype: 'F32', shape, data: Float32Array.from(data, Number) });
  return tensors;
}

function values(tensors: ReadonlyMap<string, StoredTensor>): Record<string, TensorValue> {
  return Object.fromEntries(
    [...tensors].map(([key, tensor]) => [
      key,
      { data: toFloat32(tensor), shape: tensor.shape, dtype: 'float32' },
    ]),
  );
}

const secondsIn = (text: string): number => {
  const state: unknown = JSON.parse(text);
  const seconds: unknown =
    typeof state === 'object' && state !== null ? Reflect.get(state, 'seconds') : undefined;
  return typeof seconds === 'number' ? seconds : 0;
};

/** Where to start: the last checkpoint, given weights, or fresh ones. */
async function startOf(
  run: RunFolder,
  settings: RunSettings,
  description: NetworkDescription,
): Promise<TrainingPlan['start']> {
  const checkpoint = await run.loadLatestCheckpoint();
  if (checkpoint !== undefined) {
    const kinds = stateKinds(OPTIMISER);
    const tensors = Object.fromEntries(
      kinds.map((kind) => [kind, values(tensorGroup(checkpoint.tensors, kind))]),
    );
    return { step: checkpoint.step, seconds: secondsIn(checkpoint.state), tensors };
  }
  if (settings.weights !== null) return (await loadDenoiserWeights(settings.weights)).parameters;
  return initialiseParameters(
    declareParameters(description.network, [1, description.inputChannels, 64, 64]),
    settings.numbers.seed,
  );
}

function describeNetwork({ architecture, config }: RunSettings): NetworkDescription {
  return architectureNamed(architecture).ofConfig(config);
}

/**
 * Trains a denoiser on noisy pictures alone, into a run folder: checkpoints, `config.json`, `metrics.jsonl`,
 * TensorBoard events, and in the end `weights.safetensors`. A run that was stopped goes on with `resume`; with a
 * budget of steps it ends with the same numbers as one that was not stopped.
 *
 * @throws RevelaError for anything that the user can mend.
 *
 * @example
 * await trainDenoiser({ pictures: ['photos/'], output: 'runs/garden', minutes: 60 });
 */
export async function trainDenoiser(options: TrainDenoiserOptions): Promise<TrainedDenoiser> {
  const { device = 'auto', threads, onProgress, signal } = options;
  const { run, settings } = await openRun(options);
  try {
    const method = methodNamed(settings.method);
    const description = describeNetwork(settings);
    const start = await startOf(run, settings, description);
    const runtime = await createRuntime({
      device,
      ...(threads === undefined ? {} : { threads }),
      ...(signal === undefined ? {} : { signal }),
      onWarning: (message) => onProgress?.({ kind: 'note', message }),
    });
    onProgress?.({ kind: 'note', message: `Device: ${runtime.description}` });
    const save = async (state: TrainingState): Promise<void> => {
      const path = await run.saveCheckpoint({
        step: state.step,
        tensors: stored(state),
        state: JSON.stringify({ seconds: state.seconds }),
      });
      onProgress?.({ kind: 'checkpoint', step: state.step, path });
    };
    const record = ({ step, loss, gradientNorm, learningRate, seconds }: StepReport): void => {
      run.appendMetrics({
        step,
        loss,
        gradientNorm,
        learningRate,
        seconds: Math.round(seconds * 1000) / 1000,
      });
      if (step % EVENT_INTERVAL !== 0) return;
      const events = run.events();
      events.scalar('loss', loss, step);
      events.scalar('gradient norm', gradientNorm, step);
      events.scalar('learning rate', learningRate, step);
    };
    let state: TrainingState;
    try {
      state = await learn(runtime, {
        method,
        description,
        numbers: settings.numbers,
        budget: settings.budget,
        files: settings.files,
        start,
        checkpointEvery: options.checkpointEvery ?? 60,
        ...(onProgress === undefined ? {} : { onProgress }),
        ...(signal === undefined ? {} : { signal }),
        onStep: record,
        onCheckpoint: save,
      });
    } finally {
      await runtime.close();
    }
    await save(state);
    const weights: DenoiserWeights = {
      method: settings.method,
      description,
      parameters: averagedParameters(state),
      record: {
        method: settings.method,
        steps: state.step,
        seconds: Math.round(state.seconds),
        seed: settings.numbers.seed,
        pictures: settings.files.length,
      },
      licence: settings.licence,
    };
    const path = join(run.path, 'weights.safetensors');
    await saveDenoiserWeights(path, weights);
    return { weights, path, finished: signal?.aborted !== true, steps: state.step, seconds: state.seconds };
  } finally {
    await run.close();
  }
}
