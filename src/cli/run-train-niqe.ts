import { OptionError } from '../errors.js';
import { trainIlNiqe, trainNiqe } from '../library/index.js';
import { beginWork, toTenths } from './begin-work.js';
import type { Context } from './context.js';
import { formatDuration } from './progress-text.js';
import { stop } from './stop.js';
import type { FittedMeasure, TrainNiqeFlags } from './train-niqe-command.js';
import { counted } from './wording.js';

/** Does what `revela train niqe` and `revela train il-niqe` promise; returns the exit code. */
export async function runTrainNiqe(
  name: FittedMeasure,
  pictures: readonly string[],
  { json = false, output, ...options }: TrainNiqeFlags,
  context: Context,
): Promise<number> {
  if (output === undefined) throw new OptionError('the model needs a file to be written to: give --output');
  const { screen, signal } = beginWork(json, context);
  const train = name === 'niqe' ? trainNiqe : trainIlNiqe;
  try {
    const fitted = await train({ ...options, pictures, output, signal, onProgress: screen.report });
    screen.endLine();
    screen.written(counted(fitted.pictures, 'picture'), fitted.path);
    screen.done(`Fitted on ${counted(fitted.pictures, 'picture')} in ${formatDuration(fitted.seconds)}`, {
      model: fitted.path,
      pictures: fitted.pictures,
      leftOut: fitted.leftOut,
      seconds: toTenths(fitted.seconds),
    });
    return 0;
  } catch (error) {
    if (!signal.aborted) throw error;
    return stop('stopped; nothing was written', signal);
  } finally {
    screen.endLine();
  }
}
