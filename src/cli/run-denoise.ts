import { RevelaError } from '../errors.js';
import { writePicture } from '../images/index.js';
import {
  DEFAULT_MINUTES,
  type DenoiseOptions,
  type Denoising,
  openDenoising,
  saveDenoiserWeights,
} from '../library/index.js';
import type { FailedPicture } from './check-pictures.js';
import type { Context } from './context.js';
import type { DenoiseFlags } from './denoise-command.js';
import { exitCodes } from './failure.js';
import { planDenoising } from './plan-denoising.js';
import type { Job } from './plan-jobs.js';
import { formatDuration } from './progress-text.js';
import { announced, openScreen, type Screen } from './screen.js';
import { stop } from './stop.js';
import { budgetText, counted } from './wording.js';

/** Does what `revela denoise` promises; returns the exit code. */
export async function runDenoise(
  inputs: readonly string[],
  flags: DenoiseFlags,
  context: Context,
): Promise<number> {
  const begin = performance.now();
  const { signal, onRequest } = context.listenForStop();
  const screen = openScreen(context, flags.json === true);
  const written: string[] = [];
  let jobs: readonly Job[] = [];
  onRequest(() => screen.note('Stopping; press Ctrl-C again to stop at once'));
  try {
    const plan = await planDenoising(inputs, flags, screen.note, signal);
    jobs = plan.jobs;
    const denoising = await openDenoising(
      jobs.map(({ input }) => input),
      optionsOf(flags, screen, intention(jobs.length, flags), signal),
    );
    screen.endLine();
    let failures: readonly FailedPicture[];
    try {
      await saveWeights(denoising, flags, screen);
      failures = [...plan.failures, ...(await denoiseAll(jobs, denoising, flags, screen, signal, written))];
    } finally {
      await denoising.close();
    }
    return finish(written, failures, flags, (performance.now() - begin) / 1000, screen, context);
  } catch (error) {
    if (!signal.aborted) throw error;
    const result = written.length === 0 ? 'nothing was' : `${written.length} of ${jobs.length} pictures were`;
    return stop(`stopped; ${result} written`, signal);
  } finally {
    screen.endLine();
  }
}

/** What will happen, and how long it takes. */
function intention(count: number, { adapt, fromScratch, minutes, steps }: DenoiseFlags): string {
  const pictures = counted(count, 'picture');
  if (adapt === false) {
    const idle = minutes === undefined ? (steps === undefined ? '' : '--steps') : '--minutes';
    const hint = idle === '' ? '' : ` (--no-adapt learns nothing, so that ${idle} has no effect)`;
    return `Denoising ${pictures} with the weights as they are${hint}`;
  }
  const untold = fromScratch ? DEFAULT_MINUTES.fromScratch : DEFAULT_MINUTES.adapt;
  const budget =
    minutes === undefined && steps === undefined
      ? `${counted(untold, 'minute')} (--minutes changes it)`
      : budgetText({
          ...(minutes === undefined ? {} : { minutes }),
          ...(steps === undefined ? {} : { steps }),
        });
  const learning = fromScratch ? 'Training a new network on' : 'Learning from';
  return `${learning} ${pictures} for ${budget}, then denoising`;
}

/** The library's options: the flags, without those that are the command's own. */
function optionsOf(
  flags: DenoiseFlags,
  screen: Screen,
  intended: string,
  signal: AbortSignal,
): DenoiseOptions {
  const { output, format, quality, overwrite, recursive, saveWeights, json, ...options } = flags;
  return { ...options, onProgress: announced(intended, screen), signal };
}

async function saveWeights(
  { weights }: Denoising,
  { saveWeights: path }: DenoiseFlags,
  screen: Screen,
): Promise<void> {
  if (path === undefined) return;
  await saveDenoiserWeights(path, weights);
  screen.note(`Saved the weights in ${path}`);
}

async function denoiseAll(
  jobs: readonly Job[],
  denoising: Denoising,
  { quality, overwrite = false }: DenoiseFlags,
  screen: Screen,
  signal: AbortSignal,
  written: string[],
): Promise<readonly FailedPicture[]> {
  const failures: FailedPicture[] = [];
  for (const { input, output, format } of jobs) {
    signal.throwIfAborted();
    try {
      const result = await denoising.picture(input);
      await writePicture(output, result, {
        format,
        overwrite,
        ...(quality === undefined ? {} : { quality }),
      });
    } catch (error) {
      if (!(error instanceof RevelaError)) throw error;
      failures.push({ input, message: error.message });
      continue;
    }
    written.push(output);
    screen.written(input, output);
  }
  return failures;
}

/** Says how it ended; the exit code is 0 only if every picture was denoised. */
function finish(
  written: readonly string[],
  failures: readonly FailedPicture[],
  { saveWeights: weights, json }: DenoiseFlags,
  seconds: number,
  screen: Screen,
  { stderr }: Context,
): number {
  screen.endLine();
  if (json !== true) for (const { message } of failures) stderr.write(`revela: ${message}\n`);
  const all = written.length + failures.length;
  const pictures = failures.length === 0 ? counted(all, 'picture') : `${written.length} of ${all} pictures`;
  screen.done(`Denoised ${pictures} in ${formatDuration(seconds)}`, {
    written,
    failures,
    ...(weights === undefined ? {} : { weights }),
    seconds: Math.round(seconds * 10) / 10,
  });
  return failures.length === 0 ? 0 : exitCodes.failure;
}
