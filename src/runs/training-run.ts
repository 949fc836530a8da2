import { join } from 'node:path';
import { OptionError, RevelaError } from '../errors.js';
import { refuseUnknownOptions } from '../known-options.js';
import { architecturesFor, type NetworkDescription, type NetworkTask } from '../networks/index.js';
import type { Runtime } from '../runtime/index.js';
import type { TensorValue } from '../tensor/index.js';
import { type RunFolder, createRunFolder, openRunFolder } from './folder/run-folder.js';
import { type StepReport, type TrainingState, DivergenceError, usedShare } from '../training/index.js';
import { type BestWeights, bestIn, nothingGained, recordOf } from './best-weights.js';
import { goingOn } from './going-on.js';
import { byName } from '../option-checks.js';
import { present } from '../present.js';
import { type Course, learn, learntParameters } from './learn.js';
import { type DeviceOptions, openDevice, tellRanges } from '../apply/index.js';
import { type LearntWeights, loadNetworkWeights, saveNetworkWeights, RUN_WEIGHTS } from '../models/index.js';
import { recordStep } from './record-step.js';
import { checkpointOf, type Restored, restore } from './run-checkpoint.js';
import type { TrainingSettings } from './run-settings.js';
import { isWorseThanInput } from './validation-scores.js';
import { catchUp, runValidation, type ValidationMaterial } from './run-validation.js';
import type { Schema } from './schema.js';
import { checkedSettings } from './stored-settings.js';

/** How a training into a run folder is done, whatever is trained. */
export interface RunOptions extends DeviceOptions {
  /** The run folder to make. Not with `resume`. */
  readonly output?: string | undefined;
  /** The run folder to go on with; its settings count, and no others may be given but a new budget. */
  readonly resume?: string | undefined;
  /** How long to train. With `resume`, from the beginning of the run, in place of its budget; a finished run goes on. */
  readonly minutes?: number | undefined;
  readonly steps?: number | undefined;
  /** Seconds between checkpoints; default 60. */
  readonly checkpointEvery?: number | undefined;
  /** Stops after the step in progress and saves; resume the run folder to go on. */
  readonly signal?: AbortSignal | undefined;
}

/** What a training ends with. */
export interface TrainedWeights {
  /** The last weights, or their moving average, as the recipe says. */
  readonly weights: LearntWeights;
  /** The file of the weights, in the run folder. */
  readonly path: string;
  /** The weights that the validation found best, in a file of their own; missing before the first validation. */
  readonly best?: BestWeights;
  /** False where the signal stopped it before its budget was used up. */
  readonly finished: boolean;
  /** Steps in all. */
  readonly steps: number;
  /** Steps that were done when it began: those of the checkpoint that it went on from. */
  readonly startStep: number;
  /** Of training: validation does not count. */
  readonly seconds: number;
}

/** What is learnt, made ready on a device. */
export interface Lesson {
  readonly material: ValidationMaterial;
  /** Parameters to start from, unless the run goes on from a checkpoint. */
  first(): Promise<Readonly<Record<string, TensorValue>>>;
  readonly open: Course['open'];
  /** Looks at every step; what it says is told to the user. */
  readonly watch?: (report: StepReport) => string | undefined;
  /** Writes more into the run folder when the training ends or stops. */
  readonly finish?: (folder: string, state: TrainingState) => Promise<void>;
  /** What the weights came from besides pictures, for their record. */
  readonly startedFrom?: string;
}

/** A kind of training that fills a run folder. */
export interface RunKind<Settings extends TrainingSettings> {
  /** The function that trains it, and the options that it has. */
  readonly called: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** What a run of it is the training of, with its article: "a denoiser". */
  readonly product: string;
  /** What the network is for. */
  readonly task: NetworkTask;
  readonly schema: Schema<Settings>;
  /** Settles what a new run depends on; tells what was left out. */
  newSettings(tell: (line: string) => void): Promise<Settings>;
  /** Looks at the pictures of a new run once all else was found good, because that takes a while; gives those to learn from. */
  suitable?(settings: Settings): Promise<Settings>;
  /**
   * Reads what the training needs: what is wrong with it should end a run before its folder is made. Returns what makes
   * the lesson ready.
   */
  prepare(
    settings: Settings,
    description: NetworkDescription,
  ): Promise<(runtime: Runtime) => Lesson | Promise<Lesson>>;
}

/** Trains into a run folder: a new one, or one that was stopped. */
export async function trainRun<Settings extends TrainingSettings>(
  kind: RunKind<Settings>,
  options: RunOptions,
): Promise<TrainedWeights> {
  refuseUnknownOptions(kind.called, options, kind.options);
  const { output, resume, onProgress } = options;
  const warn = (message: string): void => onProgress?.({ kind: 'note', message });
  if (resume !== undefined) {
    await using run = await openRunFolder(resume, { warn });
    const { settings, restored } = await goingOn(run, settingsIn(run, kind), options);
    const finished = await finishedRun(run, settings, kind.task, restored);
    if (finished !== undefined) return finished;
    return await trainInto(run, { settings, restored, ...(await prepared(kind, settings)) }, options);
  }
  if (output === undefined)
    throw new OptionError('training needs a folder to write to: give `output` FOLDER, or `resume` FOLDER');
  const asked = await kind.newSettings(warn);
  // The folder is made only when all that the run needs was found good.
  const first = await prepared(kind, asked);
  const settings = (await kind.suitable?.(asked)) ?? asked;
  const ready = settings === asked ? first : await prepared(kind, settings);
  await tellRanges(settings.files, warn);
  await using run = await createRunFolder(output, Object.fromEntries(Object.entries(settings)), { warn });
  return await trainInto(run, { settings, restored: await restore(run), ...ready }, options);
}

/** The settings of a run that goes on. */
function settingsIn<Settings extends TrainingSettings>(
  { path, config }: RunFolder,
  { product, schema }: RunKind<Settings>,
): Settings {
  const settings: TrainingSettings = checkedSettings(path, config);
  if (schema.is(settings)) return settings;
  throw new RevelaError(`${path} is the run of another kind of training than that of ${product}`);
}

/** What a run that is there already, all its steps done and what was learnt written, ends with. */
async function finishedRun(
  { path }: RunFolder,
  { budget, method }: TrainingSettings,
  task: NetworkTask,
  { state, validation }: Restored,
): Promise<TrainedWeights | undefined> {
  if (state === undefined || usedShare(budget, state.step, state.seconds) < 1) return undefined;
  const file = join(path, RUN_WEIGHTS);
  const weights = await loadNetworkWeights(file, task).catch((error: unknown) => {
    if (error instanceof RevelaError) return undefined; // not written yet, or damaged: it is written again
    throw error;
  });
  const { step, seconds } = state;
  if (weights?.record.steps !== step || validation.last?.step !== step) return undefined;
  const best = await bestIn(path);
  return {
    weights: { method, ...weights },
    path: file,
    ...present({ best }),
    ...{ finished: true, steps: step, startStep: step, seconds },
  };
}

/** Reads what a training needs. */
async function prepared<Settings extends TrainingSettings>(
  { task, prepare }: RunKind<Settings>,
  settings: Settings,
): Promise<Pick<RunState, 'task' | 'description' | 'ready'>> {
  const architecture = byName(architecturesFor[task], settings.architecture, 'network');
  const description = architecture.ofConfig(settings.config);
  return { task, description, ready: await prepare(settings, description) };
}

/** Trains on a device, which is given back. */
async function trainInto(run: RunFolder, state: RunState, options: RunOptions): Promise<TrainedWeights> {
  await using runtime = await openDevice(options);
  return await trainOn(runtime, run, state, await state.ready(runtime), options);
}

/** What a run is, and how far it is. */
interface RunState {
  readonly settings: TrainingSettings;
  readonly task: NetworkTask;
  readonly description: NetworkDescription;
  readonly restored: Restored;
  /** Makes the lesson ready. */
  readonly ready: (runtime: Runtime) => Lesson | Promise<Lesson>;
}

async function trainOn(
  runtime: Runtime,
  run: RunFolder,
  { settings, task, description, restored }: RunState,
  { material, first, open, watch, finish, startedFrom }: Lesson,
  { onProgress, signal, checkpointEvery = 60 }: RunOptions,
): Promise<TrainedWeights> {
  const { recipe, budget } = settings;
  const weightsAt = weightsOf(settings, description, startedFrom);
  const listening = {
    ...present({ onProgress, signal }),
  };
  const { step = 0, seconds = 0 } = restored.state ?? {};
  const validation = await runValidation({
    ...{ run, settings, material, runtime, weightsAt },
    save: (path, weights) => saveNetworkWeights(path, task, weights),
    start: { step, seconds, validation: restored.validation },
    ...listening,
  });
  if (restored.state !== undefined) await catchUp(run, validation, restored.state, settings);
  let saved: TrainingState | undefined;
  const save = async (state: TrainingState): Promise<void> => {
    if (saved?.step === state.step) return; // the end, and the moment for a checkpoint as well
    const path = await run.saveCheckpoint(checkpointOf(state, validation.state));
    saved = state;
    onProgress?.({ kind: 'checkpoint', step: state.step, path });
  };
  const path = join(run.path, RUN_WEIGHTS);
  const conclude = async (state: TrainingState): Promise<LearntWeights> => {
    const { last } = validation.state;
    const plain = weightsAt(state.step, learntParameters(state, recipe), state.seconds);
    const scores = last?.step === state.step ? recordOf(last.scores) : {};
    const weights = { ...plain, record: { ...plain.record, ...scores } };
    await saveNetworkWeights(path, task, weights);
    await finish?.(run.path, state);
    return weights;
  };
  const state = await learn(runtime, {
    ...{ recipe, budget, open, validation, checkpointEvery },
    start: restored.state ?? (await first()),
    ...listening,
    onStep: (report) => {
      recordStep(run, report);
      const message = watch?.(report);
      if (message !== undefined) onProgress?.({ kind: 'note', message });
    },
    onCheckpoint: save,
  }).catch(async (error: unknown) => {
    // Of a training that diverged, what was learnt before is worth to begin again with.
    if (error instanceof DivergenceError && saved !== undefined) await conclude(saved);
    throw error;
  });
  await save(state);
  const weights = await conclude(state);
  const { scores } = validation.state.last ?? {};
  if (scores !== undefined && isWorseThanInput(scores))
    onProgress?.({ kind: 'note', message: nothingGained(scores, task, path, validation.best) });
  return {
    weights,
    path,
    ...present({ best: validation.best }),
    finished: signal?.aborted !== true,
    ...{ steps: state.step, startStep: step, seconds: state.seconds },
  };
}

/**
 * What parameters after a step make. The seconds are recorded where they decided how long the training took: otherwise
 * runs of one seed give files that are the same byte by byte.
 */
function weightsOf(
  { method, seed, files, licence, budget }: TrainingSettings,
  description: NetworkDescription,
  startedFrom: string | undefined,
): (step: number, parameters: Readonly<Record<string, TensorValue>>, seconds?: number) => LearntWeights {
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
      ...present({ startedFrom }),
    },
    licence,
  });
}
