import {
  copyPicture,
  type Picture,
  type RoundedPicture,
  roundedPicture,
  writeRounded,
} from '../../api/index.js';
import { disposable } from '../../belongings.js';
import { RevelaError } from '../../errors.js';
import { present } from '../../present.js';
import type { Context } from '../context.js';
import type { MachineFlags } from '../options/common-options.js';
import type { ResultFlags } from '../options/common-options.js';
import { beginWork, toTenths } from '../terminal/begin-work.js';
import { exitCodes } from '../terminal/failure.js';
import { formatDuration } from '../terminal/progress-text.js';
import type { Screen } from '../terminal/screen.js';
import { stop } from '../terminal/stop.js';
import { counted } from '../terminal/wording.js';
import type { FailedPicture } from './check-pictures.js';
import { collect } from './collect.js';
import { openPictureScoring, type PictureScoring, type ScoreFlags } from './picture-scoring.js';
import type { Job, PicturePlan } from './plan-pictures.js';

/** What is ready to make pictures of pictures. */
export interface PictureWork extends AsyncDisposable {
  readonly plan: PicturePlan;
  /** Makes the result of one picture, or finds that there is nothing to change; `index` is that of its job. */
  picture(input: string, index: number): Promise<Picture | 'unchanged'>;
  close(): Promise<void>;
  /** What other programs are told besides, at the end. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** The work of a plan of which every result is there already. */
export function nothingToDo(plan: PicturePlan): PictureWork {
  return disposable({
    plan,
    picture: () => Promise.reject(new Error('there is no picture to make')),
    close: async () => undefined,
  });
}

/** A command that makes pictures of pictures. */
export interface PictureCommand {
  /** What was done to the pictures in the end, such as `Denoised`. */
  readonly done: string;
  readonly flags: ResultFlags & ScoreFlags & MachineFlags;
  /** Checks everything and gets ready. */
  prepare(screen: Screen, signal: AbortSignal): Promise<PictureWork>;
}

/**
 * Makes and writes a result of every picture, tells how it goes and how it ended.
 *
 * @returns the exit code, which is 0 only if there is a result of every picture
 */
export async function runPictures(command: PictureCommand, context: Context): Promise<number> {
  const { screen, signal, seconds } = beginWork(command.flags.json === true, context);
  const written: string[] = [];
  let all = 0;
  try {
    // What is wrong with the measure should be told before the work, not after it.
    await using scoring = await openPictureScoring(command.flags, signal);
    await using work = await command.prepare(screen, signal);
    all = work.plan.jobs.length;
    const results = { written, ...present({ scoring }) };
    const failures = [...work.plan.failures, ...(await workAll(work, command, screen, signal, results))];
    if (command.flags.json !== true) for (const line of scoring?.summary() ?? []) screen.note(line);
    return finish(
      { written, failures, seconds: seconds(), ...work.facts, ...scoring?.facts() },
      command,
      screen,
    );
  } catch (error) {
    if (!signal.aborted) throw error;
    const result = written.length === 0 ? 'nothing was' : `${written.length} of ${all} pictures were`;
    return stop(`stopped; ${result} written`, signal);
  } finally {
    screen.endLine();
  }
}

/** So many pixels take so much memory that it is not left to chance when it is free again. */
const LARGE = 2 ** 24;

/** The result of a picture as its file holds it: of its values, and what it took to make them, nothing is kept. */
async function resultOf(
  work: PictureWork,
  { input, index, output, format }: Job,
): Promise<RoundedPicture | 'unchanged'> {
  const result = await work.picture(input, index);
  if (result === 'unchanged') return result;
  await collectAfter(result);
  try {
    return await roundedPicture(result, format);
  } catch (error) {
    throw error instanceof RevelaError ? new RevelaError(`cannot write ${output}: ${error.message}`) : error;
  }
}

async function collectAfter({ width, height }: Pick<Picture, 'width' | 'height'>): Promise<void> {
  if (width * height >= LARGE) await collect();
}

/** What there is of the pictures that were made. */
interface Results {
  readonly written: string[];
  readonly scoring?: PictureScoring;
}

async function workAll(
  work: PictureWork,
  { flags: { quality, lossless, overwrite = false, json = false } }: PictureCommand,
  screen: Screen,
  signal: AbortSignal,
  { written, scoring }: Results,
): Promise<readonly FailedPicture[]> {
  const failures: FailedPicture[] = [];
  for (const job of work.plan.jobs) {
    const { input, output, format } = job;
    signal.throwIfAborted();
    try {
      const result = await resultOf(work, job);
      if (result !== 'unchanged') await collectAfter(result);
      const how = { overwrite, ...present({ quality, lossless }) };
      const lost =
        result === 'unchanged'
          ? await copyPicture(input, output, { ...how, format })
          : await writeRounded(output, result, how);
      if (lost.length > 0) screen.note(`${output} is without ${lost.join(', ')}`);
    } catch (error) {
      if (!(error instanceof RevelaError)) throw error;
      failures.push({ input, message: error.message });
      continue;
    }
    written.push(output);
    screen.written(input, output);
    if (scoring === undefined) continue;
    const score = await scoring.score(input, output);
    if (json) screen.tell({ kind: 'score', ...score });
    else screen.note(scoring.text(score));
  }
  return failures;
}

/** Says how it ended. */
function finish(
  result: {
    readonly written: readonly string[];
    readonly failures: readonly FailedPicture[];
    readonly seconds: number;
  },
  { done }: PictureCommand,
  screen: Screen,
): number {
  const { written, failures, seconds } = result;
  screen.failed(failures.map(({ message }) => message));
  const all = written.length + failures.length;
  const pictures = failures.length === 0 ? counted(all, 'picture') : `${written.length} of ${all} pictures`;
  screen.done(`${done} ${pictures} in ${formatDuration(seconds)}`, {
    ...result,
    seconds: toTenths(seconds),
  });
  return failures.length === 0 ? 0 : exitCodes.failure;
}
