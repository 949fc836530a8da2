import { RevelaError } from '../errors.js';
import { checkFormatHolds, describePicture, writePicture } from '../images/index.js';
import { checkDegradable, type DegradeOptions, degrade } from '../library/index.js';
import { checkPictures, type FailedPicture } from './check-pictures.js';
import type { Context } from './context.js';
import type { DegradeFlags } from './degrade-command.js';
import { exitCodes } from './failure.js';
import { type Job, planJobs } from './plan-jobs.js';
import { formatDuration } from './progress-text.js';
import { openScreen, type Screen } from './screen.js';
import { stop } from './stop.js';
import { counted } from './wording.js';

/** The end of the names of results that lie beside their pictures. */
const resultSuffix = '.degraded';

/** Does what `revela degrade` promises; returns the exit code. */
export async function runDegrade(
  inputs: readonly string[],
  flags: DegradeFlags,
  context: Context,
): Promise<number> {
  const begin = performance.now();
  const { signal, onRequest } = context.listenForStop();
  const screen = openScreen(context, flags.json === true);
  const written: string[] = [];
  let jobs: readonly Job[] = [];
  onRequest(() => screen.note('Stopping; press Ctrl-C again to stop at once'));
  try {
    const options = optionsOf(flags, signal);
    const plan = await checkPictures(
      await planJobs(inputs, flags, resultSuffix, 'png'),
      ({ input }) => input,
      async ({ input, output, format }) => {
        const description = await describePicture(input);
        checkDegradable(description, input, options);
        checkFormatHolds(description, format, output);
      },
      { named: inputs, tell: screen.note, signal },
    );
    jobs = plan.good;
    screen.note(intention(jobs.length, flags));
    const failures = [...plan.failures, ...(await degradeAll(jobs, options, flags, screen, written))];
    return finish(written, failures, flags, (performance.now() - begin) / 1000, screen, context);
  } catch (error) {
    if (!signal.aborted) throw error;
    const result = written.length === 0 ? 'nothing was' : `${written.length} of ${jobs.length} pictures were`;
    return stop(`stopped; ${result} written`, signal);
  } finally {
    screen.endLine();
  }
}

function intention(count: number, { kind = 'bicubic', scale = 4, seed = 0 }: DegradeFlags): string {
  const how = kind === 'bicubic' ? 'by bicubic' : `as the real world does it, with the seed ${seed}`;
  return `Making ${counted(count, 'picture')} ${scale} times smaller ${how}`;
}

/** The library's options: the flags, without those that are the command's own. */
function optionsOf(flags: DegradeFlags, signal: AbortSignal): DegradeOptions {
  const { output, format, quality, overwrite, recursive, json, ...options } = flags;
  return { ...options, signal };
}

async function degradeAll(
  jobs: readonly Job[],
  options: DegradeOptions,
  { quality, overwrite = false }: DegradeFlags,
  screen: Screen,
  written: string[],
): Promise<readonly FailedPicture[]> {
  const failures: FailedPicture[] = [];
  for (const [index, { input, output, format }] of jobs.entries()) {
    try {
      const result = await degrade(input, { ...options, index });
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

/** Says how it ended; the exit code is 0 only if every picture was degraded. */
function finish(
  written: readonly string[],
  failures: readonly FailedPicture[],
  { json }: DegradeFlags,
  seconds: number,
  screen: Screen,
  { stderr }: Context,
): number {
  screen.endLine();
  if (json !== true) for (const { message } of failures) stderr.write(`revela: ${message}\n`);
  const all = written.length + failures.length;
  const pictures = failures.length === 0 ? counted(all, 'picture') : `${written.length} of ${all} pictures`;
  screen.done(`Degraded ${pictures} in ${formatDuration(seconds)}`, {
    written,
    failures,
    seconds: Math.round(seconds * 10) / 10,
  });
  return failures.length === 0 ? 0 : exitCodes.failure;
}
