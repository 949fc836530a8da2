import { join } from 'node:path';
import { OptionError, RevelaError } from '../errors.js';
import { checked } from '../options/index.js';
import { architecturesFor, type NetworkDescription, type NetworkTask } from '../networks/index.js';
import type { Runtime } from '../runtime/index.js';
import type { TensorValue } from '../tensor/index.js';
import { type RunFolder, createRunFolder, openRunFolder } from './folder/run-folder.js';
import { type TrainingState, DivergenceError, usedShare } from '../training/index.js';
import { type BestWeights, bestIn, nothingGained, recordOf } from './best-weights.js';
import { goingOn } from './going-on.js';
import { byName } from '../option-checks.js';
import { present } from '../present.js';
import { learn, learntParameters } from './learn.js';
import { openDevice, tellRanges } from '../apply/index.js';
import { type LearntWeights, loadNetworkWeights, saveNetworkWeights, RUN_WEIGHTS } from '../models/index.js';
import { recordStep } from './record-step.js';
import { checkpointOf, type Restored, restore } from './run-checkpoint.js';
import type { TrainingSettings } from './run-settings.js';
import { checkTeam, newTeamSettings } from './team/team.js';
import { beginTogether, fromCrew, notTogether } from './team/train-together.js';
import { isWorseThanInput } from './validation-scores.js';
import { catchUp, runValidation } from './run-validation.js';
import type { Lesson, RunKind } from './run-kind.js';
import type { RunOptions } from './run-options.js';
import { nameOfKind, settingsOfKind } from './checked-settings.js';

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

/** Trains into a run folder: a new one, or one that was stopped. */
export async function trainRun<Settings extends TrainingSettings, Options extends RunOptions>(
  kind: RunKind<Settings, Options>,
  given: Options,
): Promise<TrainedWeights> {
  const options = checkedFor(kind, given);
  const { output, resume, onProgress, team } = options;
  const warn = (message: string): void => onProgress?.({ kind: 'note', message });
  if (resume !== undefined) {
    await using run = await openRunFolder(resume, { warn });
    const { settings, restored } = await goingOn(run, settingsIn(run, kind), options);
    const finished = await finishedRun(run, settings, kind.task, restored);
    if (finished !== undefined) return finished;
    checkTeam(resume, settings.team, team);
    const ready = await prepared(kind, settings, options);
    return await trainInto(run, kind, { settings, restored, ...ready }, options);
  }
  if (output === undefined)
    throw new OptionError('training needs a folder to write to: give `output` FOLDER, or `resume` FOLDER');
  if (team !== undefined && kind.share === undefined) throw notTogether(kind);
  const together = team && newTeamSettings(team);
  const asked = { ...(await kind.newSettings(options, warn)), ...present({ team: together }) };
  // The folder is made only when all that the run needs was found good.
  const first = await prepared(kind, asked, options);
  const settings = (await kind.suitable?.(asked, options)) ?? asked;
  const ready = settings === asked ? first : await prepared(kind, settings, options);
  await tellRanges(settings.files, warn);
  await using run = await createRunFolder(output, Object.fromEntries(Object.entries(settings)), { warn });
  return await trainInto(run, kind, { settings, restored: await restore(run), ...ready }, options);
}

/** The options of a training, checked by their declarations. */
function checkedFor<Options extends RunOptions>(
  kind: Pick<RunKind, 'called' | 'options'>,
  given: Options,
): Options;
function checkedFor({ called, options }: Pick<RunKind, 'called' | 'options'>, given: unknown): object {
  return checked(called, options, given);
}

/** The settings of a run that goes on. */
function settingsIn<Settings extends TrainingSettings>(
  { path, config }: RunFolder,
  kind: Pick<RunKind<Settings>, 'name' | 'product' | 'schema' | 'task'>,
): Settings {
  if (nameOfKind(config) !== kind.name)
    throw new RevelaError(`${path} is the run of another kind of training than that of ${kind.product}`);
  return settingsOfKind(kind, path, config);
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
async function prepared<Settings extends TrainingSettings, Options extends RunOptions>(
  kind: RunKind<Settings, Options>,
  settings: Settings,
  options: Options,
): Promise<Pick<RunState, 'task' | 'description' | 'ready'>> {
  const { task } = kind;
  const architecture = byName(architecturesFor[task], settings.architecture, 'network');
  const description = architecture.ofConfig(settings.config);
  return { task, description, ready: await kind.prepare(settings, description, options) };
}

/** Trains on a device, which is given back. */
async function trainInto<Settings extends TrainingSettings>(
  run: RunFolder,
  kind: Pick<RunKind<Settings>, 'share' | 'product'>,
  state: RunState<Settings>,
  options: RunOptions,
): Promise<TrainedWeights> {
  await using runtime = await openDevice(options);
  const lesson = await state.ready(runtime);
  const { settings } = state;
  await using crew = await beginTogether(run.path, kind, settings, options);
  if (crew === undefined || settings.team === undefined)
    return await trainOn(runtime, run, state, lesson, options);
  // Every round is a checkpoint.
  const rounds = { ...options, checkpointEvery: 0 };
  return await trainOn(runtime, run, state, { ...lesson, open: fromCrew(crew, settings.team) }, rounds);
}

/** What a run is, and how far it is. */
interface RunState<Settings extends TrainingSettings = TrainingSettings> {
  readonly settings: Settings;
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
      seed,
      pictures: files.length,
      ...present({
        seconds: budget.minutes === undefined ? undefined : seconds && Math.round(seconds),
        startedFrom,
      }),
    },
    licence,
  });
}
