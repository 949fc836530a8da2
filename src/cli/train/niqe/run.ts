import { OptionError } from '../../../errors.js';
import { trainIlNiqe, trainNiqe } from '../../../api/index.js';
import type { Context } from '../../context.js';
import { runFitting } from '../run-fitting.js';
import type { FittedMeasure, TrainNiqeFlags } from './command.js';

/** Does what `revela train niqe` and `revela train il-niqe` promise; returns the exit code. */
export async function runTrainNiqe(
  name: FittedMeasure,
  pictures: readonly string[],
  { json = false, output, ...options }: TrainNiqeFlags,
  context: Context,
): Promise<number> {
  if (output === undefined) throw new OptionError('the model needs a file to be written to: give --output');
  const train = name === 'niqe' ? trainNiqe : trainIlNiqe;
  return runFitting({ json, done: 'Fitted on', context }, async (work) => {
    const fitted = await train({ ...options, pictures, output, ...work });
    const { path, leftOut } = fitted;
    return { path, pictures: fitted.pictures, facts: { model: path, leftOut } };
  });
}
