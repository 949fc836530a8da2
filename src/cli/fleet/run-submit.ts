import { OptionError } from '../../errors.js';
import { submitPictures } from '../../fleet/index.js';
import { present } from '../../present.js';
import type { Context } from '../context.js';
import { namedNetwork } from '../options/model-store.js';
import { beginWork, toTenths } from '../terminal/begin-work.js';
import { exitCodes } from '../terminal/failure.js';
import { formatDuration } from '../terminal/progress-text.js';
import { stop } from '../terminal/stop.js';
import { counted } from '../terminal/wording.js';
import type { SubmitFlags } from './command.js';
import { taskOf } from './task.js';

/** Milliseconds between two lines that say how far it is. */
const lineEvery = 10_000;

/** Does what `revela fleet submit` promises; returns the exit code. */
export async function runSubmit(
  inputs: readonly string[],
  flags: SubmitFlags,
  context: Context,
): Promise<number> {
  const { redis, output, json = false } = flags;
  if (redis === undefined || output === undefined)
    throw new OptionError('results need a folder in the shared folder: give --output FOLDER');
  taskOf(flags, undefined);
  const { screen, signal, seconds } = beginWork(json, context);
  const weights =
    flags.weights === undefined ? undefined : await namedNetwork(flags.weights, flags, context, screen.note);
  const { queue, shared, format, quality, lossless, recursive, overwrite, skipExisting, shard, maxInput } =
    flags;
  let told = 0;
  try {
    const { pictures, jobs, known, retried, skipped, failures } = await submitPictures(
      inputs,
      taskOf(flags, weights),
      {
        ...{ redis, output, signal, tell: screen.note },
        ...present({
          queue,
          shared,
          format,
          quality,
          lossless,
          recursive,
          overwrite,
          skipExisting,
          shard,
          maxInput,
        }),
        onSubmitted(count) {
          if (seconds() * 1000 - told < lineEvery) return;
          told = seconds() * 1000;
          screen.note(`Submitted ${counted(count, 'picture')}`);
        },
      },
    );
    if (skipped > 0) screen.note(`Left out: ${counted(skipped, 'picture')} whose results are there already`);
    const before = known === 0 ? '' : `, ${known} of which ${known === 1 ? 'was' : 'were'} there already`;
    const anew =
      retried === 0 ? '' : `, ${retried} of which had failed and ${retried === 1 ? 'is' : 'are'} tried again`;
    screen.done(
      `Submitted ${counted(pictures, 'picture')} in ${counted(jobs, 'job')}${before}${anew}, in ${formatDuration(seconds())}`,
      { pictures, jobs, known, retried, skipped, failures, seconds: toTenths(seconds()) },
    );
    return failures.length === 0 ? 0 : exitCodes.failure;
  } catch (error) {
    if (!signal.aborted) throw error;
    return stop('stopped; what was submitted stays in the queue', signal);
  }
}
