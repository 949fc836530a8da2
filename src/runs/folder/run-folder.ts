import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { disposable } from '../../belongings.js';
import { type Claim, claimAlone, isClaim } from '../../claim.js';
import { RevelaError } from '../../errors.js';
import { fileError, fileErrorCode } from '../../file-errors.js';
import { makeFolder } from '../../make-folder.js';
import { CONFIG, type RunConfig, readRunConfig, writeRunConfig } from '../../models/index.js';
import { isSystemFile } from '../../system-files.js';
import { removeLeftovers } from '../../write-beside.js';
import { type Checkpoint, loadCheckpoint, type StoredCheckpoint, saveCheckpoint } from './checkpoints.js';
import { type Metrics, metricsLog } from './metrics-log.js';
import { dropSamplesAfter, type Sample, writeSamples } from './samples.js';
import { type EventFile, openEventFile } from './tensorboard.js';
import { present } from '../../present.js';

/**
 * The folder of a training run:
 *
 *     config.json                             what it was started with
 *     metrics.jsonl                           a JSON object a line
 *     checkpoints/step-00001234.safetensors   the last few states
 *     checkpoints/last.json                   which of them is the last
 *     events.out.tfevents.…                   the same metrics for TensorBoard, a file for each start
 *     rounds/                                 of a training over machines: what its members hand each other
 *     samples/step-00001234/NAME.denoised.png a few pictures after that step, and NAME.noisy.png, NAME.clean.png
 */
export interface RunFolder extends AsyncDisposable {
  readonly path: string;
  readonly config: RunConfig;
  /** Appends a line to `metrics.jsonl`. */
  appendMetrics(metrics: Metrics): void;
  /** The event file of this start, which the first call makes. */
  events(): EventFile;
  /** Writes pictures that show how far the training is, as files and for TensorBoard. */
  saveSamples(step: number, samples: readonly Sample[]): Promise<void>;
  /**
   * Saves a state and removes all but the last few.
   *
   * @returns the path of the checkpoint
   */
  saveCheckpoint(checkpoint: Checkpoint): Promise<string>;
  /**
   * Reads the last checkpoint, or the one before it if the last is damaged, and takes the records back to it, so that
   * they go on as if the run had never stopped: metrics and samples of later steps are dropped. `undefined`, with none
   * left, if there is no checkpoint yet.
   *
   * @throws RevelaError if there are checkpoints and none can be used
   */
  loadLatestCheckpoint(): Promise<StoredCheckpoint | undefined>;
  /** Writes down what it goes on with, in place of what it was started with. */
  changeConfig(config: RunConfig): Promise<void>;
  /** Flushes and closes its files; a second call does nothing. */
  close(): Promise<void>;
}

/** Options of {@link createRunFolder} and {@link openRunFolder}. */
export interface RunFolderOptions {
  /** How many checkpoints stay; default 2. */
  readonly keep?: number;
  /** Gets one line for every damaged checkpoint; default: nobody does. */
  readonly warn?: (line: string) => void;
}

/** The folder in which those who train together hand each other what they found. */
export const ROUNDS = 'rounds';

const [metricsName, checkpointsName] = ['metrics.jsonl', 'checkpoints'];

/**
 * Starts a run in a folder, which is created if need be and must be empty but for what file managers put there, or hold a
 * run that ended before its first checkpoint: nothing was learnt in it. All methods of the result throw a RevelaError, one
 * line, if the folder cannot be written or the disk is full.
 *
 * @throws RevelaError if the folder has something in it, cannot be written, or is written by another process
 *
 * @example
 * const run = await createRunFolder('runs/garden', { network: 'dbsnl', seed: 0 });
 * run.appendMetrics({ step: 1, loss: 0.02 });
 * await run.saveCheckpoint({ step: 1, tensors, state: '{}' });
 * await run.close();
 */
export async function createRunFolder(
  path: string,
  config: RunConfig,
  options: RunFolderOptions = {},
): Promise<RunFolder> {
  let claim: Claim | undefined;
  try {
    await makeFolder(path);
    await refuseUsed(path);
    claim = await claimRun(path);
    await refuseUsed(path); // another process may have begun one, and ended, in the meantime
    await clearFalseStart(path);
    await writeRunConfig(path, config);
    return runFolder(path, config, options, claim, undefined);
  } catch (error) {
    claim?.release();
    throw fileError(`cannot make the run folder ${path}`, error);
  }
}

/** Refuses a folder that has something in it. */
async function refuseUsed(path: string): Promise<void> {
  const names = (await readdir(path)).filter((name) => !isSystemFile(name));
  if (await isFalseStart(path, names)) return;
  if (names.includes(CONFIG))
    throw new RevelaError(`${path} holds a run already; resume it (\`resume\`) or choose another folder`);
  if (names.some((name) => !isClaim(name)))
    throw new RevelaError(`${path} is not empty; choose another folder for the run`);
}

/** What a run has before its first checkpoint. */
const isOfStart = (name: string): boolean =>
  [CONFIG, metricsName, checkpointsName, ROUNDS].includes(name) || name.startsWith('events.out.tfevents.');

/** Whether all that a folder holds is a run that ended before anything of it was saved. */
async function isFalseStart(path: string, names: readonly string[]): Promise<boolean> {
  if (!names.includes(CONFIG) || !names.every((name) => isOfStart(name) || isOurs(name))) return false;
  if (names.includes(checkpointsName) && !(await readdir(join(path, checkpointsName))).every(isOurs))
    return false;
  return readRunConfig(path).then(
    () => true,
    () => false, // another program's
  );
}

/** Claims, and what a killed process left half-written. */
const isOurs = (name: string): boolean =>
  isClaim(name) || (name.startsWith('.revela-') && name.endsWith('.tmp'));

/** Removes what a run left that ended before its first checkpoint. */
async function clearFalseStart(path: string): Promise<void> {
  for (const name of (await readdir(path)).filter(isOfStart))
    await rm(join(path, name), { recursive: true, force: true });
}

/** One process alone writes a run folder. */
const claimRun = (path: string): Promise<Claim> =>
  claimAlone({ folder: path, name: 'run', what: `the run ${path}` });

/**
 * Opens a run to go on with it; what a killed process left half-written is swept away. Call `loadLatestCheckpoint`
 * before recording anything.
 *
 * @throws RevelaError if the folder is missing, holds no run, or one of another version, or is written by another process
 *
 * @example
 * const run = await openRunFolder('runs/garden', { warn: console.error });
 * const checkpoint = await run.loadLatestCheckpoint();
 */
export async function openRunFolder(path: string, options: RunFolderOptions = {}): Promise<RunFolder> {
  const config = await readRunConfig(path);
  let claim: Claim | undefined;
  try {
    claim = await claimRun(path);
    await removeLeftovers(path);
    await removeLeftovers(join(path, checkpointsName)).catch((error: unknown) => {
      if (fileErrorCode(error) !== 'ENOENT') throw error;
    });
    // Until a checkpoint says otherwise the run starts again with its first step.
    return runFolder(path, config, options, claim, 0);
  } catch (error) {
    claim?.release();
    throw fileError(`cannot write to the run folder ${path}`, error);
  }
}

function runFolder(
  path: string,
  config: RunConfig,
  { keep = 2, warn = () => {} }: RunFolderOptions,
  claim: Claim,
  resumedAfterStep: number | undefined,
): RunFolder {
  if (!Number.isSafeInteger(keep) || keep < 1) throw new RangeError(`cannot keep ${keep} checkpoints`);
  const checkpoints = join(path, checkpointsName);
  const samples = join(path, 'samples');
  const metrics = metricsLog(join(path, metricsName));
  let resumed = resumedAfterStep;
  let open: EventFile | undefined;
  const events = (): EventFile => {
    open ??= openEventFile(path, present({ resumedAfterStep: resumed }));
    return open;
  };
  return disposable({
    path,
    config,
    appendMetrics: (record: Metrics) => metrics.append(record),
    events,
    saveSamples: (step: number, pictures: readonly Sample[]) =>
      writeSamples(samples, step, pictures, events()),
    async saveCheckpoint(checkpoint: Checkpoint) {
      claim.check();
      // A checkpoint promises that the metrics up to its step are there.
      await metrics.flush();
      return saveCheckpoint(checkpoints, keep, checkpoint);
    },
    async loadLatestCheckpoint() {
      const checkpoint = await loadCheckpoint(checkpoints, warn);
      resumed = checkpoint?.step ?? 0;
      await metrics.cutAfter(resumed);
      await dropSamplesAfter(samples, resumed);
      return checkpoint;
    },
    async changeConfig(changed: RunConfig) {
      claim.check();
      await writeRunConfig(path, changed);
    },
    async close() {
      try {
        await metrics.flush();
      } finally {
        metrics.close();
        try {
          await open?.close();
        } finally {
          claim.release();
        }
      }
    },
  });
}
