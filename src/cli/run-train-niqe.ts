import { OptionError } from '../errors.js';
import { trainIlNiqe, trainNiqe } from '../library/index.js';
import type { Context } from './context.js';
import { formatDuration } from './progress-text.js';
import { openScreen } from './screen.js';
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
  const { signal, onRequest } = context.listenForStop();
  const screen = openScreen(context, json);
  onRequest(() => screen.note('Stopping; press Ctrl-C again to stop at once'));
  const train = name === 'niqe' ? trainNiqe : trainIlNiqe;
  try {
    const fitted = await train({ ...options, pictures, output, signal, onProgress: screen.report });
    screen.endLine();
    screen.written(counted(fitted.pictures, 'picture'), fitted.path);
    screen.done(`Fitted on ${counted(fitted.pictures, 'picture')} in ${formatDuration(fitted.seconds)}`, {
      model: fitted.path,
      pictures: fitted.pictures,
      leftOut: fitted.leftOut,
      seconds: Math.round(fitted.seconds * 10) / 10,
    });
    return 0;
  } catch (error) {
    if (!signal.aborted) throw error;
    return stop('stopped; nothing was written', signal);
  } finally {
    screen.endLine();
  }
}
