import { OptionError } from '../errors.js';
import { calibrateSfdIqa } from '../library/index.js';
import { beginWork, toTenths } from './begin-work.js';
import type { Context } from './context.js';
import { namedWeights } from './model-store.js';
import { formatDuration } from './progress-text.js';
import { stop } from './stop.js';
import type { TrainSfdIqaFlags } from './train-sfd-iqa-command.js';
import { counted } from './wording.js';

/** Does what `revela train sfd-iqa` promises; returns the exit code. */
export async function runTrainSfdIqa(
  pictures: readonly string[],
  { json = false, output, judges, clip, ...options }: TrainSfdIqaFlags,
  context: Context,
): Promise<number> {
  if (judges === undefined)
    throw new OptionError('a scorer is made of judges: give --judges, a run of train upscaler --stage sfd');
  if (output === undefined) throw new OptionError('the scorer needs a file to be written to: give --output');
  const { screen, signal, seconds } = beginWork(json, context);
  try {
    const named = clip === undefined ? {} : { clip: await namedWeights(clip, context) };
    const sources = { ...options, ...named, judges };
    const measured = await calibrateSfdIqa({
      ...sources,
      ...{ pictures, output, signal, onProgress: screen.report },
    });
    screen.endLine();
    screen.written(counted(measured.pictures, 'picture'), output);
    screen.done(`Measured ${counted(measured.pictures, 'picture')} in ${formatDuration(seconds())}`, {
      scorer: output,
      pictures: measured.pictures,
      terms: measured.terms,
      seconds: toTenths(seconds()),
    });
    return 0;
  } catch (error) {
    if (!signal.aborted) throw error;
    return stop('stopped; nothing was written', signal);
  } finally {
    screen.endLine();
  }
}
